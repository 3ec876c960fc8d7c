import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { javaScriptOf, typesOf } from './compile.ts';
import { publishedManifest } from './manifest.ts';
import { ownPackages, PACKAGES } from './packages.ts';

const SOURCE = {
  name: '@avow/small',
  version: '0.1.0',
  description: 'Small',
  exports: { '.': './src/index.ts', './kit': './src/kit/index.ts' },
  files: ['dist', '!dist/kit', 'avow.yaml'],
  scripts: { prepack: 'no' },
  dependencies: { '@avow/bytes': '0.1.0' },
  devDependencies: { ajv: '8.20.0' },
};

test('a published manifest names compiled files with types, and nothing of the checkout', () => {
  const repository = { name: 'avow-repository', private: true, bugs: 'https://example.org/bugs' };
  const isPublished = (path: string) => !path.startsWith('./dist/kit/');
  assert.deepEqual(publishedManifest(SOURCE, repository, isPublished), {
    name: '@avow/small',
    version: '0.1.0',
    description: 'Small',
    dependencies: { '@avow/bytes': '0.1.0' },
    bugs: 'https://example.org/bugs',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist', 'avow.yaml'],
    engines: { node: '>=24' },
    publishConfig: { access: 'public' },
  });
});

for (const [what, text, wanted] of [
  ['an import', "import { a } from './a.ts';", "import { a } from './a.js';"],
  ['an import of a type', "let b: import('../b.ts').B;", 'let b                     ;'],
  ['a program beside it', "new URL('./child.ts', at)", "new URL('./child.js', at)"],
  ['a name that only ends so', "'lib/send.ts'", "'lib/send.ts'"],
] as const) {
  test(`compiled: ${what}`, () => assert.equal(javaScriptOf(text), wanted));
}

for (const [what, text, wanted] of [
  ['a type from elsewhere', 'a: import("./a.ts").A;', 'a: import("./a.js").A;'],
  ['JSON', "import en from './en.json';", "import en from './en.json' with { type: 'json' };"],
] as const) {
  test(`types: ${what}`, () => assert.equal(typesOf(text), wanted));
}

for (const name of ownPackages()) {
  test(`packages/${name} can be published: told, licensed, pinned, and never from its sources`, () => {
    const manifest = JSON.parse(readFileSync(join(PACKAGES, name, 'package.json'), 'utf8'));
    assert.equal(manifest.name, `@avow/${name}`);
    assert.equal(manifest.license, 'Apache-2.0');
    assert.equal(manifest.scripts?.prepack, 'node ../../tools/publish/guard.ts');
    assert.ok(manifest.files.includes('avow.yaml'));
    assert.match(manifest.description, /\w/);
    for (const [dependency, version] of Object.entries<string>(manifest.dependencies ?? {})) {
      assert.match(version, /^\d+\.\d+\.\d+$/, dependency);
      if (dependency.startsWith('@avow/')) assert.equal(version, manifest.version, dependency);
    }
  });
}
