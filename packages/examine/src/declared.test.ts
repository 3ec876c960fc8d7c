import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf, utf8Bytes } from '@avow/bytes';
import type { Member } from '@avow/formats';
import { DeclarationWatch } from './declared.ts';

function member(path: string, text = ''): Member {
  const bytes = utf8Bytes(text);
  return { path, bytes, digest: digestOf(bytes) } as Member;
}

const MANIFEST = '{"manifest_version": 2, "name": "x", "version": "1"}';

/** Paths of a product, `manifest.json` among them with a manifest's text, and the one that declares it. */
const PRODUCTS: Readonly<Record<string, readonly [paths: readonly string[], source?: string]>> = {
  'an extension at the root': [['manifest.json', 'bg.js'], 'manifest.json'],
  'an extension deep in a package': [
    ['usr/share/webext/x/manifest.json', 'usr/share/webext/x/js/bg.js'],
    'usr/share/webext/x/manifest.json',
  ],
  'a changelog in HTML is no code beside it': [
    [
      'usr/share/doc/x/changelog.html',
      'usr/share/doc/x/changelog.html.gz!/changelog.html',
      'usr/share/webext/x/manifest.json',
      'usr/share/webext/x/bg.js',
    ],
    'usr/share/webext/x/manifest.json',
  ],
  'a program beside it is code that the manifest does not speak for': [
    ['usr/bin/helper.py', 'usr/share/webext/x/manifest.json', 'usr/share/webext/x/bg.js'],
  ],
};

for (const [name, [paths, source]] of Object.entries(PRODUCTS)) {
  test(`what declares a product: ${name}`, async () => {
    const watch = new DeclarationWatch();
    async function* members() {
      for (const path of paths) yield member(path, path.endsWith('manifest.json') ? MANIFEST : '');
    }
    for await (const _ of watch.watch(members())) {
      // Only what goes by is noted.
    }
    assert.equal(watch.found()?.source, source);
  });
}
