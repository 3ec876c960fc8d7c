import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatabaseContext, RecordFormat } from './record.ts';
import { spamContext } from './spamassassin/reader.ts';
import { recordListing } from './testdata/listing.ts';

const MD5 = '44d88612fea8a8f36de82e1278abb02f';
const SHA256 = '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f';

const CASES: readonly {
  readonly name: string;
  readonly format: RecordFormat;
  readonly path: string;
  readonly text: string;
  readonly want: readonly string[];
  readonly context?: Partial<DatabaseContext>;
}[] = [
  {
    name: 'a body signature gives its name and revision; comments and empty lines are none',
    format: 'clamav',
    path: 'a.ndb',
    text: '# comment\n\nWin.Test.A-123-4:1:EP+0:4d5a??{2-4}(aa|bb)[1-3]00:51:255\r\nTest:0:*:746f\n',
    want: ['3 ndb Win.Test.A-123-4 r4', '4 ndb Test'],
  },
  {
    name: 'a body signature with an offset, target or pattern that is none is not understood',
    format: 'clamav',
    path: 'a.ndb',
    text: 'A:x:*:00\nB:0:nowhere:00\nC:0:*:0g\nD:0:*:(00\nE:0:*\nF:0:*:000\n',
    want: [
      '1 ndb A !clamav.line',
      '2 ndb B !clamav.line',
      '3 ndb C !clamav.line',
      '4 ndb D !clamav.line',
      '5 ndb !clamav.line',
      '6 ndb F !clamav.line',
    ],
  },
  {
    name: 'a logical signature with offsets, options, regexes, byte compare and image hashes is read',
    format: 'clamav',
    path: 'a.ldb',
    text: 'L;Engine:81-255,Target:0;(0&1)|(2=0,2)>3;EP+0:4d5a;616263::iw;0/a[0-9]+b/si;0(>>4#ie4#=10);fuzzy_img#af2ad01ed42993c7#0\nM;Target:0;0;zz\n',
    want: ['1 ldb L', '2 ldb M !clamav.line'],
  },
  {
    name: 'hashes of files and of sections, with any size',
    format: 'clamav',
    path: 'a.hsb',
    text: `${SHA256}:68:Eicar\n${SHA256}:*:Any:73\n${MD5.slice(1)}:1:Short\n${SHA256}:x:Size\n`,
    want: ['1 hsb Eicar', '2 hsb Any', '3 hsb Short !clamav.line', '4 hsb Size !clamav.line'],
  },
  {
    name: 'sections, container metadata, allow lists, file types and switches',
    format: 'clamav',
    path: 'a.mdb',
    text: `1024:${MD5}:Sec\n`,
    want: ['1 mdb Sec'],
  },
  {
    name: 'phishing lines have no names and are known by their place',
    format: 'clamav',
    path: 'a.pdb',
    text: 'R:.+\\.example\\.com:.+\nH:example.com\nQ:x\n',
    want: ['1 pdb', '2 pdb', '3 pdb !clamav.line'],
  },
  {
    name: 'byte code is listed and never called understood',
    format: 'clamav',
    path: 'a.cbc',
    text: 'ClamBCafh\nTest;Target:0;0;00\nTedd\n',
    want: ['1 cbc Test !clamav.bytecode'],
  },
  {
    name: 'SpamAssassin: attributes belong to tests, conditions switch off, unknown settings are unknown',
    format: 'spamassassin',
    path: 'a.cf',
    text: [
      'body GOOD /x/i # comment',
      'score GOOD 1.0',
      'ifplugin Mail::SpamAssassin::Plugin::Absent',
      'body GONE eval:check_x()',
      'else',
      'body ELSE /y/',
      'endif',
      'if (version >= 3.004003) && plugin(Here)',
      'header __SUB From =~ /z\\#1/',
      'endif',
      'body BAD nothing',
      'no_such_setting 1',
      'header ZERO Subject =~ /q/',
      'def_welcomelist_auth *@example.org',
      '',
    ].join('\n'),
    want: [
      '1 body GOOD',
      '4 body GONE off',
      '6 body ELSE',
      '9 header __SUB',
      '11 body BAD !spamassassin.line',
      '12 no_such_setting no_such_setting 1 !spamassassin.line',
      '13 header ZERO off',
      '14 def_welcomelist_auth def_welcomelist_auth *@example.org',
    ],
    context: {
      plugins: new Set(['Here']),
      tests: new Map([['ZERO', { score: '0' }]]),
    },
  },
  {
    name: 'adblock: comments are none, an included list is unknown, nonsense is a record',
    format: 'adblock',
    path: 'a.txt',
    text: '[Adblock Plus 2.0]\n! Title: x\n||a.example^$csp=script-src *\na.example##+js(set, x, 1)\n!#include other.txt\na.example#%#//scriptlet(\n@@||b.example^\n',
    want: [
      '3 NetworkRule',
      '4 ScriptletInjectionRule',
      '5 unknown !adblock.include',
      '6 unknown !adblock.rule',
      '7 NetworkRule',
    ],
  },
  {
    name: 'declarativeNetRequest: rules of a set that the manifest switches off, and a list inside a rule',
    format: 'dnr',
    path: 'rules/a.json',
    text: '[\n{"id":1,"action":{"type":"block"},"condition":{"urlFilter":"]}\\"x"},"metadata":{"rawFilterList":"! c\\n||x^\\n"}},\n{"id":2,"action":{"type":"what"},"condition":{}}, 7 ]',
    want: [
      '2 NetworkRule',
      '2 block set:1 off',
      '3 what set:2 off !dnr.rule',
      '3 unknown set:undefined off !dnr.rule',
    ],
    context: { rulesets: new Map([['rules/a.json', { id: 'set', enabled: false }]]) },
  },
  {
    name: 'an array that is cut off says so after the rules that are whole',
    format: 'dnr',
    path: 'a.json',
    text: '[{"id":1,"action":{"type":"block"},"condition":{}},{"id":2,',
    want: ['1 block 1', '1 unknown !dnr.rule'],
  },
  {
    name: 'YARA: strings, comments and regexes with braces; a private rule; a rule that is not closed',
    format: 'yara',
    path: 'a.yar',
    text: [
      'import "pe"',
      '/* rule no { */ // rule no {',
      'private rule A : t1 t2 { meta: id = "u-1" modified = "2026-01-01" strings: $a = "}{\\"" $b = /a\\/}{[/]/ $c = { 7D ?? [2-4] } condition: any of them }',
      'rule B { condition: true',
      '',
    ].join('\n'),
    want: ['3 rule A r2026-01-01', '4 rule B !yara.rule'],
  },
  {
    name: 'YARA: text at the top level is told, and the rules after it are read',
    format: 'yara',
    path: 'a.yar',
    text: 'rubbish here\nrule A { condition: true }\n',
    want: ['1 unknown !yara.rule', '2 rule A'],
  },
  {
    name: 'Suricata: disabled rules, prose that begins like one, quotes with ; and ), continuation',
    format: 'suricata',
    path: 'a.rules',
    text: [
      '# alert on anything odd (see the manual)',
      'alert tcp any any -> any 80 (msg:"a; b)"; content:"x\\;|3b|"; sid:1; rev:3;)',
      '#drop http any any -> any any (msg:"off"; gid:3; sid:2; rev:1;)',
      'alert ip any any -> any any (msg:"c"; \\',
      '  sid:4;)',
      'alert tcp any any -> any any (msg:"open; sid:5;)',
      '',
    ].join('\n'),
    want: ['2 alert 1:1 r3', '3 drop 3:2 r1 off', '4 alert 1:4', '6 unknown !suricata.rule'],
  },
  {
    name: 'Sigma: documents apart, so that one that is no YAML hides no other',
    format: 'sigma',
    path: 'a.yml',
    text: 'title: A\nid: 0-1\nmodified: 2026-01-02\ndetection:\n  condition: sel\n---\n: : :\n  - [\n---\ntitle: C\nid: 0-3\ncorrelation:\n  type: event_count\n',
    want: ['1 rule 0-1 r2026-01-02', '7 rule !sigma.rule', '10 correlation 0-3'],
  },
  {
    name: 'Falco: rules, macros and lists; a list whose bracket is not indented; what is switched off',
    format: 'falco',
    path: 'a.yaml',
    text: '- required_engine_version: 0.57.0\n# c\n- rule: R\n  condition: x\n  enabled: false\n- list: L\n  items: [\n    a\n  ]\n- macro: M\n- what: 1\n',
    want: ['3 rule R off', '6 list L', '10 macro M !falco.item', '11 unknown !falco.item'],
  },
  {
    name: 'autoconsent: rules by name, one of them without what it needs',
    format: 'autoconsent',
    path: 'rules.json',
    text: '{"autoconsent":[{"name":"a","detectCmp":[]},{"name":"b"}]}',
    want: ['1 rule a', '1 rule b !autoconsent.rule'],
  },
  {
    name: 'osquery: queries by name, texts that go on over lines',
    format: 'osquery',
    path: 'p.conf.json',
    text: '{"platform":"linux","queries":{\n"a":{"query":"select \\\n  1","interval":"60","version":"2.0"},\n"b":{"interval":1}}}',
    want: ['2 query a r2.0', '4 query b !osquery.query'],
  },
  {
    name: 'a file of no known format is one record that is not understood',
    format: 'opaque',
    path: 'x.kdc',
    text: '\u0001\u0002secret',
    want: ['1 file !record.opaque'],
  },
];

for (const { name, format, path, text, want, context } of CASES) {
  test(`${format}: ${name}`, () => {
    assert.deepEqual(recordListing(format, path, text, context), want);
  });
}

test('plugins of a SpamAssassin folder are those that any of its files loads', () => {
  const file = (path: string, text: string) => ({ path, pieces: [new TextEncoder().encode(text)] });
  const { plugins, tests } = spamContext([
    file('v3.pre', '# loadplugin Commented\nloadplugin Mail::SpamAssassin::Plugin::HashBL\n'),
    file('a.cf', 'score A 0 0 0 0\nlang de describe A Hallo\ndescribe A Hello\ntflags A net\n'),
  ]);
  assert.deepEqual([...plugins], ['Mail::SpamAssassin::Plugin::HashBL']);
  assert.deepEqual(tests.get('A'), { score: '0 0 0 0', describe: 'Hello', tflags: 'net' });
});
