import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printLocator } from '@avow/locator';
import { likeness, type Pasted, placesIn, readPasted } from './pasted.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

/** What people paste, and what of it has to be looked up. */
const FORMS: readonly (readonly [string, Partial<Pasted>])[] = [
  ['pkg:npm/x@1.0.0#lib/a.js @line:12:5', { places: ['pkg:npm/x@1.0.0#lib/a.js @line:12:5'] }],
  ['pkg:npm/%40s/x@1.0.0', { targets: ['pkg:npm/%40s/x@1.0.0'] }],
  ['npm:x@1.0.0', { targets: ['pkg:npm/x@1.0.0'] }],
  ['npm:@s/x@1.0.0', { targets: ['pkg:npm/%40s/x@1.0.0'] }],
  ['x@1.0.0', { targets: ['pkg:npm/x@1.0.0'] }],
  [DIGEST, { digests: [DIGEST] }],
  [DIGEST.toUpperCase().replace('SHA256', 'sha256'), { digests: [DIGEST] }],
  ['scan.dll+0x1a2f0', { files: ['scan.dll'] }],
  ['scan!Send+0x1f', { files: ['scan'] }],
  ['00007ff6`12341f2c scan!Send+0x1f', { files: ['scan'] }],
  ['libscan.so(+0x1a2f0) [0x7f12]', { files: ['libscan.so'] }],
  ['#3 0x00007f00 in foo () from /usr/lib/libfoo.so.1', { files: ['libfoo.so.1'] }],
  ['scan.dll @rva:0x1a2f0', { files: ['scan.dll'] }],
  ['C:\\Program Files\\x\\scan.dll', { files: ['scan.dll'] }],
  ['rundll32.exe scan.dll,Send', { files: ['rundll32.exe', 'scan.dll'] }],
  ['report.js', { files: ['report.js'] }],
  ['lib/report.js', { files: ['report.js'] }],
  ['report.js:406:17', { files: ['report.js'] }],
  ['report.js, line 406', { files: ['report.js'] }],
  ['report.js(406,17): error TS1005', { files: ['report.js'] }],
  ['File "/usr/lib/x.py", line 3, in f', { files: ['x.py'] }],
  ['    at f (/app/node_modules/x/lib/a.js:12:5)', { files: ['a.js'] }],
  ['    at f (file:///app/node_modules/x/lib/a.js:12:5)', { files: ['a.js'] }],
  ['webpack:///./node_modules/x/lib/a.js?:12:5', { files: ['a.js'] }],
  ['f@https://site.example/static/a.min.js:1:8000', { files: ['a.min.js'] }],
  ['collect.example.org', { hosts: ['collect.example.org'] }],
  ['https://me:pw@collect.example.org:8443/api?x=1#y', { hosts: ['collect.example.org'] }],
  ['192.0.2.7:443', { hosts: ['192.0.2.7'] }],
  [
    'Nov 24 12:00:01 h dnsmasq[1]: query[A] collect.example from 10.0.0.2',
    { hosts: ['collect.example', '10.0.0.2'] },
  ],
  ['{"dns":{"query":"collect.example"}}', { hosts: ['collect.example'] }],
  ['Win.Trojan.Agent-765432', { ids: ['Win.Trojan.Agent-765432'] }],
  ['GTUBE', { ids: ['GTUBE'] }],
  ['1739310223', { ids: ['1739310223'] }],
  ['ET MALWARE Beacon [sid:2024001]', { ids: ['2024001', 'MALWARE', 'sid:2024001'] }],
  ['rule 941100', { ids: ['941100'] }],
  ['claim-12', { paths: [{ path: '/claims/claim-12', name: 'claim-12' }] }],
  ['case-3', { paths: [{ path: '/cases/case-3', name: 'case-3' }] }],
  ['avow-2026-0012', { paths: [{ path: '/cases/case-12', name: 'avow-2026-0012' }] }],
  ['CVE-2026-1234', { paths: [] }],
  ['net.http', { features: ['net.http'] }],
  ['reads SSH keys', { features: ['cred.ssh-pgp'] }],
  ['reads SSH keys and phones home', { features: ['cred.ssh-pgp', 'net.http'] }],
  [
    '',
    {
      places: [],
      files: [],
      hosts: [],
      ids: [],
      digests: [],
      targets: [],
      features: [],
      paths: [],
    },
  ],
  ['\u0000\ud800<script>', { files: [], hosts: [] }],
];

for (const [text, wanted] of FORMS) {
  test(`${JSON.stringify(text)} is looked up as ${Object.keys(wanted)[0]}`, () => {
    const read = readPasted(text);
    for (const [name, value] of Object.entries(wanted)) {
      assert.deepEqual(read[name as keyof Pasted], value, name);
    }
  });
}

test('a log file pasted whole asks for no more than some of each', () => {
  const lines = Array.from(
    { length: 5_000 },
    (_, n) => `host${n}.example file${n}.dll+0x${n} ID-${n}`,
  );
  const { hosts, files, ids } = readPasted(lines.join('\n'));
  assert.ok(Math.max(hosts.length, files.length, ids.length) <= 4);
});

/** Of a file that was found: the place within it. */
const PLACES: readonly (readonly [string, string, string])[] = [
  ['scan.dll+0x1a2f0', 'bin/scan.dll', 'pkg:npm/x@1#bin/scan.dll @rva:0x1a2f0'],
  ['scan+0x1a2f0', 'bin/scan.node', 'pkg:npm/x@1#bin/scan.node @rva:0x1a2f0'],
  ['scan!Send+0x1f', 'bin/scan.node', 'pkg:npm/x@1#bin/scan.node @sym:Send+0x1f'],
  ['at f (/app/node_modules/x/lib/a.js:12:5)', 'lib/a.js', 'pkg:npm/x@1#lib/a.js @line:12:5'],
];
for (const [text, path, wanted] of PLACES) {
  test(`${text} is a place in ${path}`, () => {
    assert.deepEqual(placesIn(text, 'pkg:npm/x@1', path).map(printLocator), [wanted]);
  });
}

test('of files with one name the one whose folders are named too is the likeliest', () => {
  const text = 'at f (/app/node_modules/x/lib/core/a.js:12:5)';
  assert.ok(likeness(text, 'lib/core/a.js') > likeness(text, 'dist/a.js'));
  assert.equal(likeness('nothing', 'a.js'), 0);
});
