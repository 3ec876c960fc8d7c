import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databasesIn } from './recognise.ts';

const file = (path: string, text: string) => ({ path, bytes: new TextEncoder().encode(text) });

/** Each database as `format path update: files`. */
function found(...files: ReturnType<typeof file>[]): string[] {
  return databasesIn(files).map(
    ({ format, path, update, members }) => `${format} ${path} ${update}: ${members.length}`,
  );
}

const CASES: readonly (readonly [string, string, string, readonly string[]])[] = [
  [
    "a list of bare addresses with a list's header",
    'l.txt',
    '! Title: x\n! Expires: 1 day\n1.2.3.4\na.example\n',
    ['adblock l.txt : 1'],
  ],
  [
    'a number that was never filled in',
    'l.txt',
    '! Title: x\n! Version: %timestamp%\n||a^\n',
    ['adblock l.txt : 1'],
  ],
  [
    'prose with a title',
    'r.txt',
    '! Title: x\nThis is a text about many things.\nAnd more of it here.\n',
    [],
  ],
  ['a licence', 'LICENSE.txt', 'GNU GENERAL PUBLIC LICENSE\n\n Version 3, 29 June 2007\n', []],
  ["data that has a database's extension", 'a.pdb', 'Microsoft C/C++ MSF 7.00\r\n\u001aDS\0\0', []],
  ['configuration that ends in .cfg', 'setup.cfg', '[metadata]\nname = x\nversion = 1\n', []],
  [
    'configuration that ends in .cf',
    'main.cf',
    'myhostname = mail.example.org\nmydomain = example.org\n',
    [],
  ],
  ['a lock file', 'package-lock.json', '{"lockfileVersion":3,"packages":{}}', []],
  ['a workflow', 'ci.yml', 'name: ci\non: push\njobs:\n  a:\n    runs-on: x\n', []],
  [
    'a rule set',
    'r.json',
    '[ {"id":1,"priority":1,"action":{"type":"block"},"condition":{}} ]',
    ['dnr r.json : 1'],
  ],
  [
    "Chromium's list of revoked certificates",
    'CertificateRevocation/9/crl-set',
    'xx{"Version":0,"ContentType":"CRLSet","Sequence":9912,"DeltaFrom":0}\0\0',
    ['opaque CertificateRevocation/9/crl-set 9912: 1'],
  ],
  [
    'OVAL definitions',
    'o.xml',
    '<oval_definitions xmlns="o"><generator><oval:timestamp>2026-11-01T00:00:00</oval:timestamp>',
    ['opaque o.xml 2026-11-01T00:00:00: 1'],
  ],
  [
    'an XCCDF benchmark',
    'x.xml',
    '<?xml version="1.0"?><Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2"><version time="t">0.1.74</version>',
    ['opaque x.xml 0.1.74: 1'],
  ],
  [
    'a STIX bundle, which states no number',
    's.json',
    '{"type":"bundle","id":"bundle--1","objects":[{"type":"indicator"}]}',
    ['opaque s.json : 1'],
  ],
  [
    'a MISP event, whose number is not that of its first attribute',
    'm.json',
    '{"Event":{"info":"i","threat_level_id":"1","timestamp":"17","Attribute":[{"timestamp":"3"}]}}',
    ['opaque m.json 17: 1'],
  ],
  [
    'a collection of Remote Settings, its number behind the records',
    'c.json',
    `{"data":[{"id":"a","last_modified":1}${' '.repeat(40_000)}],"timestamp":1760000000000}`,
    ['opaque c.json 1760000000000: 1'],
  ],
  [
    'Semgrep rules',
    'r.yml',
    'rules:\n  - id: a\n    languages: [js]\n    message: m\n    severity: ERROR\n    pattern: eval(...)\n',
    ['opaque r.yml : 1'],
  ],
  [
    'rules of the ModSecurity core set',
    'R.conf',
    'SecRule ARGS "@rx a" "id:1,ver:\'OWASP_CRS/3.3.4\'"\n',
    ['opaque R.conf 3.3.4: 1'],
  ],
  ['XML of something else', 'pom.xml', '<project><version>1</version></project>', []],
  ['JSON with changes of its own', 'a.json', '{"data":[],"timestamp":3}', []],
  ['loose ClamAV lines', 'x.ndb', 'A:0:*:00\n', ['clamav x.ndb : 1']],
  [
    'a channel file',
    'C-00000291-00000000-00000032.sys',
    '\u00aa\u00aa',
    ['opaque C-00000291-00000000-00000032.sys : 1'],
  ],
];

for (const [name, path, text, want] of CASES) {
  test(`${want.length === 0 ? 'no database' : 'a database'}: ${name}`, () => {
    assert.deepEqual(found(file(path, text)), want);
  });
}

test('files that are read together are one database, lists stand alone', () => {
  assert.deepEqual(
    found(
      file('a/x.cf', 'body A /x/\n'),
      file('b/y.pre', 'loadplugin P\n'),
      file('l/1.txt', '[Adblock]\n! Version: 1\n||a^\n'),
      file('l/2.txt', '[Adblock]\n! Version: 2\n||b^\n'),
    ),
    ['spamassassin  : 2', 'adblock l/1.txt 1: 1', 'adblock l/2.txt 2: 1'],
  );
});

test('rule sets carry the version of the extension and what its manifest switches off', () => {
  const rules = '[{"id":1,"action":{"type":"block"},"condition":{}}]';
  const manifest = {
    version: '1.2',
    declarative_net_request: { rule_resources: [{ id: 'ads', path: 'r/a.json', enabled: false }] },
  };
  const [database] = databasesIn([
    file('ext/manifest.json', JSON.stringify(manifest)),
    file('ext/r/a.json', rules),
  ]);
  assert.equal(database!.update, '1.2');
  assert.deepEqual(database!.context.rulesets.get('ext/r/a.json'), { id: 'ads', enabled: false });
});
