import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compareLocators,
  equalLocators,
  type LocatorRefused,
  missingFrom,
  normaliseLocator,
  parseLocator,
  parsePurl,
  parseTarget,
  pathOf,
  printLocator,
} from './index.ts';

const DIGEST = 'ab'.repeat(32);

/** The twenty examples of docs/locator.md: each is canonical as it stands. */
const EXAMPLES = [
  'pkg:deb/example/eav@21.3.10?arch=amd64#usr/lib/eav/libscan.so @rva:0x1a2f0,16',
  'pkg:deb/example/eav@21.3.10?arch=amd64#usr/lib/eav/libscan.so @rva:0x1a2f0 id:5d1f0e7c9a3b4c2d8e6f7a8b9c0d1e2f3a4b5c6d',
  'pkg:generic/example.com/eav-win@21.3.10.391(c)#Program%20Files/EAV/avp.exe @va:0x1400012f0',
  'pkg:generic/example.com/eav-win@21.3.10.391(c)#avp.exe @off:0x6f0,8',
  'pkg:generic/example.com/eav-win@21.3.10.391(c)#drivers/klif.sys @sec:PAGE+0x120',
  'pkg:deb/debian/curl@7.88.1-10%2Bdeb12u5?arch=amd64#usr/lib/x86_64-linux-gnu/libcurl.so.4.8.0 @sym:curl_easy_perform+0x20',
  'pkg:generic/example.com/eav-mac@14.2#EAV.app/Contents/MacOS/eav!/arm64e @rva:0x4f10',
  'pkg:nuget/Newtonsoft.Json@13.0.3#lib/net6.0/Newtonsoft.Json.dll @il:0x0600002a+0x1f',
  'pkg:npm/%40scope/agent@4.1.0#node_modules/%40scope/net/index.js @line:1:20411',
  'pkg:npm/left-pad@1.3.0#index.js @line:12-18',
  'pkg:generic/example.com/desk@2.0.1#resources/app.asar!/dist/main.js @line:88:5',
  'pkg:npm/codec@0.9.2#dist/codec.wasm @wasm:37:0x1a2b',
  'pkg:chrome/aapbdbdomjkkjkaonfhkkikfgjllcleb@5.2#background.js @all',
  'pkg:generic/clamav.net/daily@27654#daily.hsb @rec:Win.Test.EICAR_HDB-1',
  'pkg:generic/clamav.net/daily@27654#daily.ldb @rec:Win.Trojan.Agent-6598770-0',
  'pkg:github/example/yara-rules@v2024.11.1#apt/equation.yar @rec:default:Equation_Loader',
  'pkg:generic/emergingthreats.net/open@10645#emerging-malware.rules @rec:1:2019401:3',
  'pkg:generic/easylist.to/easylist@202611231012#easylist.txt @line:88213',
  'pkg:generic/crowdstrike.com/channel-291@20240719T0409Z#C-00000291-00000000-00000032.sys @rec:21',
  `gitoid:blob:sha256:${DIGEST} @rva:0x1a2f0`,
];

function refusalOf(run: () => unknown): LocatorRefused {
  try {
    run();
  } catch (error) {
    assert.equal((error as Error).name, 'Refused', String((error as Error).stack));
    return error as LocatorRefused;
  }
  return assert.fail('nothing was refused');
}

for (const text of EXAMPLES) {
  test(`an example of the grammar reads and prints as it stands: ${text}`, () => {
    assert.equal(printLocator(parseLocator(text)), text);
    assert.deepEqual(normaliseLocator(text), parseLocator(text));
  });
}

test('an address of zero is an address', () => {
  const text = 'pkg:npm/a@1#a.node @rva:0x0';
  assert.deepEqual(parseLocator(text).place, { kind: 'rva', address: 0n });
  assert.deepEqual(missingFrom(parseLocator(text)), []);
});

test('a 64-bit address keeps its last digits', () => {
  const text = 'pkg:generic/x@1#a.sys @va:0xfffff80000001235';
  assert.equal(printLocator(parseLocator(text)), text);
});

test('a segment holds what it likes, percent-encoded', () => {
  const path = [['a+0x10', 'b@c', 'd!', 'ünï %#?', '(c)']];
  const locator = {
    ...parseLocator(EXAMPLES[9]!),
    target: { ...parseTarget('pkg:npm/a@1'), path },
  };
  const text = printLocator(locator as ReturnType<typeof parseLocator>);
  assert.equal(text, 'pkg:npm/a@1#a%2B0x10/b%40c/d%21/%C3%BCn%C3%AF%20%25%23%3F/(c) @line:12-18');
  assert.deepEqual(parseLocator(text), locator);
});

test('a member path becomes a path with containers', () => {
  assert.deepEqual(pathOf('resources/app.asar!/dist/main.js'), [
    ['resources', 'app.asar'],
    ['dist', 'main.js'],
  ]);
});

/** Other spellings of one place; the canonical text is shown back. */
const SPELLINGS: readonly (readonly [string, string])[] = [
  ['PKG:DEB/Debian/Curl@1 @all', 'pkg:deb/debian/curl@1 @all'],
  ['pkg:deb/d/c@1?distro=x&arch=y @all', 'pkg:deb/d/c@1?arch=y&distro=x @all'],
  ['pkg:deb/d/c@1?distro= @all', 'pkg:deb/d/c@1 @all'],
  ['pkg:npm/@scope/a@1 @all', 'pkg:npm/%40scope/a@1 @all'],
  ['pkg:pypi/Ruamel_Yaml@1 @all', 'pkg:pypi/ruamel-yaml@1 @all'],
  ['pkg:npm/a@1#%61.js @all', 'pkg:npm/a@1#a.js @all'],
  ['pkg:npm/a@1#a.js @rva:0x001A', 'pkg:npm/a@1#a.js @rva:0x1a'],
  ['pkg:npm/a@1#a.dll @il:0x600002A', 'pkg:npm/a@1#a.dll @il:0x0600002a'],
  ['pkg:npm/a@1#a.js @line:012-12', 'pkg:npm/a@1#a.js @line:12'],
  [
    `pkg:npm/a@1#a.js @all id:AB-CD sha256:${DIGEST}`,
    `pkg:npm/a@1#a.js @all sha256:${DIGEST} id:ab-cd`,
  ],
];

for (const [text, canonical] of SPELLINGS) {
  test(`another spelling is refused as stored text and normalised when asked: ${text}`, () => {
    assert.equal(refusalOf(() => parseLocator(text)).code, 'locator.not-canonical');
    assert.equal(printLocator(normaliseLocator(text)), canonical);
  });
}

const REFUSED: readonly (readonly [text: string, ...codes: string[]])[] = [
  ['', 'locator.spacing', 'locator.target', 'locator.no-place'],
  ['pkg:npm/a@1', 'locator.no-place'],
  ['pkg:npm/a#x @all', 'locator.no-version'],
  ['pkg:npm/a@ @all', 'locator.no-version'],
  ['pkg:npm/a@1  @all', 'locator.spacing'],
  ['pkg:npm/a@1 @all ', 'locator.spacing'],
  ['pkg:npm/a@1\t@all', 'locator.spacing', 'locator.no-place'],
  ['pkg:npm/ä@1 @all', 'locator.spacing'],
  ['libscan.so @rva:0x1', 'locator.target'],
  ['pkg:/a@1 @all', 'locator.purl'],
  ['pkg:npm//@1 @all', 'locator.purl', 'locator.purl'],
  ['pkg:npm/a%2fb@1 @all', 'locator.purl'],
  ['pkg:npm/a@1?x @all', 'locator.purl'],
  ['pkg:npm/a@1?x=1&x=2 @all', 'locator.purl'],
  ['pkg:npm/a@%ff @all', 'locator.percent'],
  ['pkg:npm/a@1#%zz @all', 'locator.percent'],
  ['pkg:npm/a@1# @all', 'locator.path'],
  ['pkg:npm/a@1#a//b @all', 'locator.path'],
  ['pkg:npm/a@1#../x @all', 'locator.path'],
  ['pkg:npm/a@1#%2e%2e/x @all', 'locator.path'],
  ['pkg:npm/a@1#a%2Fb @all', 'locator.path'],
  ['pkg:npm/a@1#a!/ @all', 'locator.path'],
  ['pkg:npm/a@1#a rva:0x1', 'locator.place'],
  ['pkg:npm/a@1#a @rva:1a', 'locator.place'],
  ['pkg:npm/a@1#a @rva:0x', 'locator.place'],
  ['pkg:npm/a@1#a @rva:0x11112222333344445', 'locator.place'],
  ['pkg:npm/a@1#a @rva:0x1,0', 'locator.place'],
  ['pkg:npm/a@1#a @rva:0xffffffffffffffff,2', 'locator.place'],
  ['pkg:npm/a@1#a @sec:.text', 'locator.place'],
  ['pkg:npm/a@1#a @il:0x123456789', 'locator.place'],
  ['pkg:npm/a@1#a @wasm:4294967296', 'locator.place'],
  ['pkg:npm/a@1#a @line:0', 'locator.place'],
  ['pkg:npm/a@1#a @line:3:0', 'locator.place'],
  ['pkg:npm/a@1#a @line:3-2', 'locator.place'],
  ['pkg:npm/a@1#a @rec:', 'locator.place'],
  ['pkg:npm/a@1#a @all:x', 'locator.place'],
  ['pkg:npm/a@1#a @all sha256:12', 'locator.guard'],
  ['pkg:npm/a@1#a @all id:aa id:bb', 'locator.guard'],
  ['swh:1:cnt:12 @all', 'locator.target'],
  [`${'a'.repeat(70_000)} @all`, 'locator.too-long'],
];

for (const [text, ...codes] of REFUSED) {
  test(`refused with all its faults: ${JSON.stringify(text.slice(0, 60))}`, () => {
    const refusal = refusalOf(() => parseLocator(text));
    assert.deepEqual(refusal.faults.map((fault) => fault.code).sort(), [...codes].sort());
    for (const fault of refusal.faults) {
      assert.ok(fault.at >= 0 && fault.at <= text.length, `${fault.at}`);
      assert.notEqual(fault.expected, '');
    }
  });
}

test('faults of all parts are told at once, each at its place', () => {
  const refusal = refusalOf(() => parseLocator('pkg:npm/a#../x @rva:zz sha256:1'));
  assert.deepEqual(
    refusal.faults.map(({ code, at }) => [code, at]),
    [
      ['locator.no-version', 9],
      ['locator.path', 10],
      ['locator.place', 15],
      ['locator.guard', 23],
    ],
  );
});

test('a purl alone may lack its version, and its subpath is no path', () => {
  assert.equal(parsePurl('pkg:npm/a').version, undefined);
  assert.equal(refusalOf(() => parsePurl('pkg:npm/a@1#b')).code, 'locator.purl');
});

test('places are ordered by product, path, then number and not text', () => {
  const ordered = [
    `gitoid:blob:sha256:${DIGEST} @rva:0x1a2f0`,
    'pkg:npm/a@1 @all',
    'pkg:npm/a@1#a.js @all',
    'pkg:npm/a@1#a.js @line:2',
    'pkg:npm/a@1#a.js @line:2:1',
    'pkg:npm/a@1#a.js @line:2:1-3:1',
    'pkg:npm/a@1#a.js @line:10',
    'pkg:npm/a@1#a.js @rva:0x0',
    'pkg:npm/a@1#a.js @rva:0x9',
    'pkg:npm/a@1#a.js @rva:0x10',
    'pkg:npm/a@1#a.js!/x @all',
    'pkg:npm/a@1#a.js/y @all',
    'pkg:npm/b@1#a.js @all',
  ].map(parseLocator);
  for (const [index, a] of ordered.entries()) {
    for (const [other, b] of ordered.entries()) {
      assert.equal(Math.sign(compareLocators(a, b)), Math.sign(index - other));
      assert.equal(equalLocators(a, b), index === other);
    }
  }
});

test('what a claim lacks is listed at once', () => {
  assert.deepEqual(missingFrom({}), ['product', 'version', 'module', 'place']);
  const purl = parsePurl('pkg:npm/a');
  assert.deepEqual(missingFrom({ target: { kind: 'purl', purl } }), ['version', 'module', 'place']);
  const record = parseLocator('pkg:generic/clamav.net/daily@1 @rec:A');
  assert.deepEqual(missingFrom(record), []);
  const line = parseLocator('pkg:generic/easylist.to/easylist@1#e.txt @line:1');
  assert.deepEqual(missingFrom(line, 'record'), ['record']);
  const guarded = parseLocator(`pkg:generic/e/e@1#e.txt @line:1 sha256:${DIGEST}`);
  assert.deepEqual(missingFrom(guarded, 'record'), []);
  assert.deepEqual(missingFrom(parseLocator(`gitoid:blob:sha256:${DIGEST} @off:0x0`)), []);
});
