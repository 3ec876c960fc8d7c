import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parseTarget } from '@avow/locator';
import {
  asarFile,
  asarOf,
  bytesOf,
  crx3Of,
  debOf,
  tarOf,
  zipOf,
} from '../../formats/src/container/testdata/archives.ts';
import { productOfBytes } from './archive.ts';

const NPM = '{"name":"@s/p","version":"1.0.0-rc.1"}';
const VSCODE =
  '{"name":"Ext","publisher":"Maker","version":"1.0.0","engines":{"vscode":"^1.80.0"}}';
const VSIX = '<Identity Language="en-US" Id="Ext" Version="1.0.0" TargetPlatform="linux-x64"/>';
const CHROME = '\ufeff{"name":"__MSG_name__","version":"5.2"}';
const FIREFOX = '{"version":"1.2","browser_specific_settings":{"gecko":{"id":"x@y.z"}}}';
const CONTROL = 'Package: p\nVersion: 1:2-3\nArchitecture: amd64\nDescription: d\n';

const CASES: readonly { name: string; bytes: Uint8Array; want: string }[] = [
  {
    name: "an npm package's tarball, whatever its folder is called",
    bytes: gzipSync(tarOf({ name: 'p/a.js', data: 'A' }, { name: 'p/package.json', data: NPM })),
    want: 'pkg:npm/%40s/p@1.0.0-rc.1',
  },
  {
    name: 'a VSIX, with its platform',
    bytes: zipOf([
      { name: 'extension.vsixmanifest', data: VSIX },
      { name: 'extension/package.json', data: VSCODE, method: 8 },
    ]),
    want: 'pkg:vscode-extension/maker/ext@1.0.0?platform=linux-x64',
  },
  {
    name: 'a CRX, by its key',
    bytes: crx3Of(bytesOf('key'), zipOf([{ name: 'manifest.json', data: CHROME }])),
    want: 'pkg:chrome-extension/cmhaobclhkagegpjcchjpechmhldiohd@5.2',
  },
  {
    name: 'an XPI',
    bytes: zipOf([{ name: 'manifest.json', data: FIREFOX }]),
    want: 'pkg:generic/x%40y.z@1.2',
  },
  {
    name: 'a package whose names no locator could hold',
    bytes: tarOf({
      name: 'p/package.json',
      data: '{"name":"/a\\u0000//b\\ud800","version":"1/\\u0000"}',
    }),
    want: 'pkg:npm/a%E2%90%80/b%EF%BF%BD@1%2F%E2%90%80',
  },
  {
    name: 'a Debian package',
    bytes: debOf(tarOf({ name: './control', data: CONTROL }), tarOf()),
    want: 'pkg:deb/debian/p@1:2-3?arch=amd64',
  },
  {
    name: 'an ASAR, which is no package of npm',
    bytes: asarOf({ files: { 'package.json': asarFile(0, NPM) } }, NPM),
    want: 'pkg:generic/%40s/p@1.0.0-rc.1',
  },
  {
    name: 'an archive that says nothing, by its name and digest',
    bytes: zipOf([]),
    want: 'pkg:generic/archive@sha256:8739c76e681f900923b900c9df0ef75cf421d39cabb54650c4b9ad19b6a76d85',
  },
  {
    name: 'a bare file, by the hash that Git gives it',
    bytes: bytesOf(''),
    want: 'gitoid:blob:sha256:473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813',
  },
];

for (const { name, bytes, want } of CASES) {
  test(`target: ${name}`, async () => {
    const { target } = await productOfBytes(bytes, 'archive');
    assert.equal(target.replace('%3A', ':'), want);
    assert.ok(parseTarget(target), 'a locator can start with it');
  });
}

test('a bare file is a product of one member', async () => {
  const product = await productOfBytes(bytesOf('var x'), 'a.js');
  const paths: string[] = [];
  for await (const member of product.members()) paths.push(member.path);
  assert.deepEqual(paths, ['a.js']);
});

test('members of an npm package are without their folder, those of other archives are not', async () => {
  const paths = async (bytes: Uint8Array) => {
    const found: string[] = [];
    const product = await productOfBytes(bytes, 'x.tgz');
    for await (const member of product.members()) found.push(member.path);
    return found;
  };
  const tar = tarOf({ name: 'p/a.js' }, { name: 'p/package.json', data: NPM });
  assert.deepEqual(await paths(gzipSync(tar)), ['a.js', 'package.json']);
  assert.deepEqual(await paths(tarOf({ name: 'p/a.js' })), ['p/a.js']);
});
