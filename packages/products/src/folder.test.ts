import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { digestOf, Refused } from '@avow/bytes';
import { CONTAINER_LIMITS } from '@avow/formats/container';
import { productOfList } from './listed.ts';
import { openProduct } from './open.ts';
import type { Product } from './product.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-folder-test-'));
after(() => rmSync(root, { recursive: true }));

function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, name, path, '..'), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return join(root, name);
}

async function linesOf(product: Product): Promise<string[]> {
  const lines: string[] = [];
  for await (const member of product.members()) {
    if ('why' in member) lines.push(`${member.path} !${member.why.code}`);
    else lines.push([member.path, ...member.oddities.map(({ code }) => code)].join(' '));
  }
  return lines;
}

const FILES = {
  'package.json': '{"name":"@s/p","version":"1.2.3"}',
  'lib/a.js': 'A',
  'lib-b.js': 'B',
  'node_modules/c/index.js': 'C',
  '.git/config': 'G',
  'lib/.svn/x': 'S',
};

test('a folder has all its files by path, node_modules included, version control left out', async () => {
  const product = await openProduct(folderOf('all', FILES));
  assert.equal(product.target, 'pkg:npm/%40s/p@1.2.3');
  assert.equal(product.kind, 'folder');
  assert.equal(product.size, 36);
  assert.deepEqual(await linesOf(product), [
    'lib-b.js',
    'lib/a.js',
    'node_modules/c/index.js',
    'package.json',
  ]);
});

test("a folder's digest can be made again from its list", async () => {
  const product = await openProduct(folderOf('digest', { 'b\nb.js': 'B', 'a.js': 'A' }));
  const list = `1 ${digestOf('A')} a.js\n1 ${digestOf('B')} b\\nb.js\n`;
  assert.equal(product.digest, `sha256:${createHash('sha256').update(list).digest('hex')}`);
  assert.equal(product.target, `pkg:generic/digest@${product.digest}`);
});

test('a link is told and not followed, out of the folder or in a circle', async () => {
  const folder = folderOf('links', { 'a.js': 'A' });
  symlinkSync('/etc/passwd', join(folder, 'passwd'));
  symlinkSync('.', join(folder, 'circle'));
  assert.deepEqual(await linesOf(await openProduct(folder)), [
    'a.js',
    'circle container.link',
    'passwd container.link',
  ]);
});

test('a file that changes between opening and reading is unread', async () => {
  const folder = folderOf('changing', { 'a.js': 'A', 'b.js': 'B' });
  const product = await openProduct(folder);
  writeFileSync(join(folder, 'a.js'), 'changed');
  assert.deepEqual(await linesOf(product), ['a.js !folder.changed', 'b.js']);
});

test('a file that goes away between opening and reading is unread', async () => {
  const folder = folderOf('going', { 'a.js': 'A', 'b.js': 'B' });
  const product = await openProduct(folder);
  rmSync(join(folder, 'a.js'));
  assert.deepEqual(await linesOf(product), ['a.js !product.missing', 'b.js']);
});

test('a folder of more files than the limit is refused', async () => {
  const folder = folderOf('many', { a: '', b: '', c: '' });
  const limits = { ...CONTAINER_LIMITS, maxMembers: 2 };
  await assert.rejects(() => openProduct(folder, { folder: root, limits }), {
    code: 'container.limit-members',
  });
});

test('the same files in another folder have the same digest', async () => {
  const one = await openProduct(folderOf('one', FILES));
  const two = await openProduct(folderOf('two', FILES));
  assert.equal(one.digest, two.digest);
});

test('a path that is not there', async () => {
  await assert.rejects(() => openProduct(join(root, 'nothing')), { code: 'product.missing' });
});

test('a folder is opened again from its list and the bytes that are kept, as the same product', async () => {
  const folder = folderOf('kept', { ...FILES, 'lib/c\n\\.js': 'A' });
  symlinkSync('../package.json', join(folder, 'lib', 'link'));
  const product = await openProduct(folder);
  const kept = new Map<string, Uint8Array>();
  for await (const bytes of product.contents!()) kept.set(digestOf(bytes), bytes);
  const again = await productOfList(product.list!(), 'kept', (digest) => kept.get(digest));
  assert.deepEqual(
    [again.target, again.digest, again.size, again.kind, [...again.listed!]],
    [product.target, product.digest, product.size, product.kind, [...product.listed!]],
  );
  assert.deepEqual(await linesOf(again), await linesOf(product));
  // The same, from files that anyone can lay side by side.
  const beside = folderOf('beside', {});
  mkdirSync(beside);
  writeFileSync(join(beside, 'kept.list'), product.list!());
  for (const [digest, bytes] of kept) writeFileSync(join(beside, digest.slice(7)), bytes);
  const opened = await openProduct(`list:${join(beside, 'kept.list')}`);
  assert.deepEqual(await linesOf(opened), await linesOf(product));
  assert.deepEqual([opened.target, opened.digest], [product.target, product.digest]);
  // A file that was changed since is not taken for the one that was listed.
  writeFileSync(join(beside, digestOf('B').slice(7)), 'X');
  assert.ok((await linesOf(opened)).includes('lib-b.js !folder.absent'));
});

test('a list that is none, or names a file twice, is refused with its line', async () => {
  const line = `1 ${digestOf('A')} a.js\n`;
  for (const [text, at] of [
    ['hello\n', 1],
    [line + line, 2],
    [`${line}-1 ${digestOf('A')} b.js\n`, 2],
    [line.trimEnd(), 0],
  ] as const) {
    await assert.rejects(
      productOfList(Buffer.from(text), 'x', () => undefined),
      (error) => error instanceof Refused && error.code === 'folder.list' && error.at === at,
      text,
    );
  }
});

test('what the operating system keeps to itself is unread, and the others are read', async (t) => {
  const folder = folderOf('closed', {
    'a.js': 'A',
    'b.js': 'B',
    'c/d.js': 'D',
    'package.json': '{}',
  });
  chmodSync(join(folder, 'b.js'), 0);
  chmodSync(join(folder, 'c'), 0);
  // Who may read everything is for a while somebody who may not.
  const user = process.geteuid?.() ?? -1;
  if (user === 0) {
    for (const path of [root, folder]) chmodSync(path, 0o755);
    process.seteuid!(65534);
  }
  try {
    const product = await openProduct(folder);
    assert.deepEqual(await linesOf(product), [
      'a.js',
      'b.js !product.unreadable',
      'c !product.unreadable',
      'package.json',
    ]);
  } finally {
    if (user === 0) process.seteuid!(0);
    chmodSync(join(folder, 'c'), 0o755);
  }
  t.diagnostic(`as user ${user}`);
});
