import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Known, parseTarget, printPlace, type QuestionCode, readLoose } from '../index.ts';

interface Case {
  readonly pasted: string;
  /** `module place` of each candidate, in order. */
  readonly means: readonly string[];
  readonly asks: readonly QuestionCode[];
  readonly known?: Known;
}

const EAV = parseTarget('pkg:deb/example/eav@21.3.10?arch=amd64');

/** The fourteen ambiguities of docs/locator.md, one test each. */
const AMBIGUOUS: Readonly<Record<string, Case>> = {
  '1: a bare address has three ways to be counted': {
    pasted: '0x1A2F0',
    means: ['@rva:0x1a2f0', '@va:0x1a2f0', '@off:0x1a2f0'],
    asks: ['address-kind'],
  },
  '2: a number without mark has two radixes': {
    pasted: '107248',
    means: [
      '@rva:0x107248',
      '@va:0x107248',
      '@off:0x107248',
      '@rva:0x1a2f0',
      '@va:0x1a2f0',
      '@off:0x1a2f0',
    ],
    asks: ['radix', 'address-kind'],
  },
  '3: an address of a running process needs its module base': {
    pasted: '0x7f3a1001a2f0',
    means: ['@va:0x7f3a1001a2f0'],
    asks: ['module-base'],
  },
  '4: a base name in two places': {
    pasted: 'libscan.so(+0x1a2f0)',
    known: { target: EAV, paths: ['usr/lib/eav/libscan.so', 'usr/lib32/eav/libscan.so'] },
    means: ['libscan.so @rva:0x1a2f0'],
    asks: ['which-file'],
  },
  '5: a debugger drops the extension and Windows folds case': {
    pasted: 'KLIF!Scan+0x20',
    known: { target: EAV, paths: ['drivers/klif.sys'] },
    means: ['KLIF @sym:Scan+0x20'],
    asks: ['windows-name', 'which-file'],
  },
  '6: a Mach-O file may hold several slices': {
    pasted: '3  libscan.dylib  0x0000000104a1a2f0 0x104a00000 + 107248',
    known: { target: EAV, paths: ['EAV.app/libscan.dylib'] },
    means: ['libscan.dylib @rva:0x1a2f0'],
    asks: ['slice'],
  },
  '7: an odd address on ARM': {
    pasted: '#00 pc 0001a2f1  /system/lib/libscan.so (Scan+20) (BuildId: ABCD)',
    known: { architecture: 'armhf', paths: ['system/lib/libscan.so'] },
    means: ['/system/lib/libscan.so @rva:0x1a2f1'],
    asks: ['thumb-bit'],
  },
  '8: an address in memory that the file does not hold': {
    pasted: '.bss+0x10',
    means: ['@sec:.bss+0x10'],
    asks: ['name-or-offset', 'not-in-file'],
  },
  '9: a column has several units': {
    pasted: 'src/file.js:12:3',
    known: { paths: ['src/file.js'] },
    means: ['src/file.js @line:12:3'],
    asks: ['column-unit'],
  },
  '10: a file may bear the name of a place': {
    pasted: 'a+0x10',
    means: ['a @rva:0x10', 'a+0x10'],
    asks: ['name-or-offset', 'which-file'],
  },
  '11: a signature id without generator and revision': {
    pasted: 'alert http any any -> any any (msg:"x"; sid:2019401;)',
    means: [''],
    asks: ['signature-id'],
  },
  '12: a rule name without namespace': {
    pasted: 'rule Equation_Loader',
    means: ['@rec:default:Equation_Loader'],
    asks: ['record-name'],
  },
  '13: one update with two contents is an alarm': {
    pasted: 'Module: a.sys\nAddress: 0x15',
    known: {
      target: parseTarget('pkg:generic/crowdstrike.com/channel-291@20240719T0409Z'),
      paths: ['a.sys'],
      digests: [
        { target: 'pkg:generic/crowdstrike.com/channel-291@20240719T0409Z', digest: 'sha256:01' },
        { target: 'pkg:generic/crowdstrike.com/channel-291@20240719T0409Z', digest: 'sha256:02' },
      ],
    },
    means: ['a.sys @rva:0x15', 'a.sys @va:0x15', 'a.sys @off:0x15'],
    asks: ['address-kind', 'two-digests'],
  },
  '14: a suffix that patches a release': {
    pasted: 'Product: pkg:generic/example.com/eav\nVersion: 21.3.10.391(c)\nRVA: 0x10',
    means: ['@rva:0x10'],
    asks: ['version-suffix'],
  },
};

/** Pasted forms and what they say; nothing is asked beyond what they leave open. */
const FORMS: readonly Case[] = [
  {
    pasted: 'libscan.so+0x1A2F0',
    means: ['libscan.so @rva:0x1a2f0', 'libscan.so+0x1A2F0'],
    asks: ['name-or-offset', 'which-file'],
  },
  {
    pasted: 'avp.exe+1A2F0h',
    means: ['avp.exe @rva:0x1a2f0', 'avp.exe+1A2F0h'],
    asks: ['name-or-offset', 'which-file', 'windows-name'],
  },
  {
    pasted: '1A2F0h',
    means: ['@rva:0x1a2f0', '@va:0x1a2f0', '@off:0x1a2f0'],
    asks: ['address-kind'],
  },
  { pasted: 'fffff800`12345678', means: ['@va:0xfffff80012345678'], asks: ['module-base'] },
  { pasted: '0', means: ['@rva:0x0', '@va:0x0', '@off:0x0'], asks: ['address-kind'] },
  { pasted: '    at send (file.js:12:3)', means: ['file.js @line:12:3'], asks: ['which-file'] },
  {
    pasted: 'at async send (node:internal/x.js:12:3)',
    means: ['node:internal/x.js @line:12:3'],
    asks: ['which-file'],
  },
  {
    pasted: 'at https://a.example/x/app.js:1:20411',
    known: { paths: ['x/app.js'] },
    means: ['https://a.example/x/app.js @line:1:20411'],
    asks: [],
  },
  {
    pasted: 'send@https://a.example/app.js:1:2',
    means: ['https://a.example/app.js @line:1:2'],
    asks: ['column-unit', 'which-file'],
  },
  {
    pasted: 'https://a.example/codec.wasm:wasm-function[37]:0x1a2b',
    means: ['https://a.example/codec.wasm @wasm:37:0x1a2b'],
    asks: ['which-file'],
  },
  {
    pasted: 'File "/usr/lib/x.py", line 12, in send',
    means: ['/usr/lib/x.py @line:12'],
    asks: ['which-file'],
  },
  {
    pasted: 'at com.example.Scan.send(Scan.java:12)',
    means: ['Scan.java @line:12'],
    asks: ['which-file'],
  },
  { pasted: '\t/src/scan.go:12 +0x1d', means: ['/src/scan.go @line:12'], asks: ['which-file'] },
  {
    pasted: 'at ./src/main.rs:12:5',
    means: ['./src/main.rs @line:12:5'],
    asks: ['column-unit', 'which-file'],
  },
  {
    pasted: 'at Eav.Scan.Send(String s) in C:\\eav\\Scan.cs:line 12',
    means: ['C:\\eav\\Scan.cs @line:12'],
    asks: ['which-file', 'windows-name'],
  },
  {
    pasted: '#0 /var/www/x.php(12): send()',
    means: ['/var/www/x.php @line:12'],
    asks: ['which-file'],
  },
  { pasted: "lib/x.rb:12:in 'send'", means: ['lib/x.rb @line:12'], asks: ['which-file'] },
  { pasted: 'index.js#L12-L18', means: ['index.js @line:12-18'], asks: ['which-file'] },
  { pasted: 'index.js:12', means: ['index.js @line:12'], asks: ['which-file'] },
  {
    pasted:
      'scan[9]: segfault at 0 ip 00007f3a1001a2f0 sp 0 error 4 in libscan.so[1a2f0,7f3a10000000+20000]',
    means: ['libscan.so @off:0x1a2f0'],
    asks: ['which-file'],
  },
  {
    pasted: 'ext4_read+0x20/0x130 [ext4]',
    means: ['ext4.ko @sym:ext4_read+0x20'],
    asks: ['which-file'],
  },
  {
    pasted: '#3  0x00007f3a1001a2f0 in scan () from /lib/libscan.so',
    known: { base: 0x7f3a10000000n },
    means: ['/lib/libscan.so @rva:0x1a2f0'],
    asks: ['which-file'],
  },
  {
    pasted: '[**] [1:2019401:3] ET MALWARE x [**]',
    means: ['@rec:1:2019401:3'],
    asks: ['signature-id'],
  },
  {
    pasted: '/tmp/x: Win.Trojan.Agent-6598770-0 FOUND',
    means: ['@rec:Win.Trojan.Agent-6598770-0'],
    asks: ['record-name'],
  },
  { pasted: '||ads.example^$script', means: [''], asks: ['record-name'] },
  {
    pasted: 'Module: libscan.so\nAddress: 0x7f3a1001a2f0\nBase: 0x7f3a10000000',
    means: ['libscan.so @rva:0x1a2f0'],
    asks: ['which-file'],
  },
  {
    pasted: 'Product: pkg:npm/a\nVersion: 1.0\nModule: index.js\nLine: 12',
    known: { paths: ['index.js'] },
    means: ['index.js @line:12'],
    asks: [],
  },
  { pasted: 'pkg:npm/a@1#a.js @rva:0X1A', means: ['@rva:0x1a'], asks: [] },
  { pasted: 'good morning', means: [], asks: [] },
];

function meanings(pasted: string, known?: Known): { means: string[]; asks: QuestionCode[] } {
  const { candidates, questions } = readLoose(pasted, known);
  return {
    means: candidates.map(({ module, draft }) =>
      [module, draft.place === undefined ? undefined : printPlace(draft.place)]
        .filter((part) => part !== undefined)
        .join(' '),
    ),
    asks: questions.map(({ code }) => code),
  };
}

for (const [name, { pasted, known, means, asks }] of Object.entries(AMBIGUOUS)) {
  test(`asked, not guessed: ${name}`, () => {
    assert.deepEqual(meanings(pasted, known), { means, asks });
  });
}

for (const { pasted, known, means, asks } of FORMS) {
  test(`pasted: ${JSON.stringify(pasted)}`, () => {
    assert.deepEqual(meanings(pasted, known), { means, asks });
  });
}

test('a file that the product has once is put in its place, and nothing is missing', () => {
  const paths = ['usr/lib/eav/libscan.so'];
  const { candidates } = readLoose('libscan.so(+0x1a2f0)', { target: EAV, paths });
  assert.deepEqual(candidates[0]?.missing, []);
  assert.deepEqual(candidates[0]?.draft.target, {
    ...EAV,
    path: [['usr', 'lib', 'eav', 'libscan.so']],
  });
});

test('a whole log is asked about instead of read', () => {
  const { candidates, questions } = readLoose('at f (a.js:1:1)\n'.repeat(100_000));
  assert.ok(candidates.length <= 500);
  assert.equal(questions.at(0)?.code, 'too-long');
});
