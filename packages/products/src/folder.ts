import { type Dirent, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Digest, digestOf, Refused, utf8Bytes, type Why, why } from '@avow/bytes';
import {
  CONTAINER_LIMITS,
  type ContainerLimits,
  type FileEntry,
  openFolder,
  type UnreadMember,
} from '@avow/formats/container';
import { attempt, digestFile } from './disk.ts';
import { digestsOf, type Listed, printList } from './listed.ts';
import { manifestTarget } from './manifest.ts';
import type { Product, ProductOptions } from './product.ts';
import { genericTarget } from './purl.ts';

/** Version control's own folders: what is in them is not part of what runs. */
const LEFT_OUT = new Set(['.git', '.hg', '.svn']);

/**
 * A folder as a product: all its files, `node_modules` included, `.git`, `.hg`
 * and `.svn` left out. Links are reported and never followed.
 *
 * Its digest is that of a list of all its files, by path; see docs/products.md.
 */
export function openFolderProduct(path: string, options: ProductOptions): Product {
  const root = resolve(options.folder, path);
  const limits = options.limits ?? CONTAINER_LIMITS;
  const files = walkFolder(root, limits);
  options.onProgress?.(`reading ${files.length} files`);
  const listing = listFolder(root, files);
  return {
    target: listing.target ?? genericTarget(basename(root), listing.digest),
    digest: listing.digest,
    size: listing.size,
    kind: 'folder',
    listed: listing.digests,
    list: () => listing.list,
    contents: () => contentsOf(root, listing.files),
    members: () => openFolder(entriesOf(root, listing.files, listing.digests), limits),
  };
}

/** A file or link in a folder, by its path with `/` between segments. */
interface FolderFile extends Pick<Listed, 'path' | 'kind'> {
  /** Where the operating system lets nobody in. */
  readonly why?: Why;
}

/** All files in order of their paths' UTF-16 code units, so that every machine lists them alike. */
function walkFolder(root: string, limits: ContainerLimits): FolderFile[] {
  const files: FolderFile[] = [];
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const at = join(root, folder);
    const items = itemsIn(at, folder);
    if (!Array.isArray(items)) {
      files.push({ path: folder, kind: 'other', why: items });
      continue;
    }
    for (const item of items) {
      const path = folder === '' ? item.name : `${folder}/${item.name}`;
      if (item.isDirectory()) {
        if (!LEFT_OUT.has(item.name)) pending.push(path);
        continue;
      }
      const kind = item.isFile() ? 'file' : item.isSymbolicLink() ? 'link' : 'other';
      files.push({ path, kind });
      if (files.length > limits.maxMembers) {
        throw new Refused(
          'container.limit-members',
          undefined,
          `the folder has more than ${limits.maxMembers} files`,
        );
      }
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is in a folder; why it cannot be told, where that is not the product itself. */
function itemsIn(at: string, folder: string): Dirent[] | Why {
  try {
    return attempt(folder || at, () => readdirSync(at, { withFileTypes: true }));
  } catch (error) {
    if (folder === '') throw error;
    return why(error);
  }
}

interface Listing {
  readonly files: readonly (Listed & FolderFile)[];
  /** The text that the digest is of. */
  readonly list: Uint8Array;
  readonly digest: Digest;
  readonly size: number;
  readonly digests: ReadonlyMap<string, Digest>;
  /** Of the package.json at the top. */
  readonly target: string | undefined;
}

/**
 * Reads every file once: a later reading is held against these digests. One
 * that cannot be read is listed as what is no file, and told.
 */
function listFolder(root: string, files: readonly FolderFile[]): Listing {
  const listed = files.map((file): Listed & FolderFile => {
    const { path, kind } = file;
    try {
      if (kind === 'file') return { path, kind, ...digestFile(join(root, path)) };
      const digest = digestOf(kind === 'link' ? readlinkSync(join(root, path)) : '');
      return { ...file, size: 0, digest };
    } catch (error) {
      return { path, kind: 'other', size: 0, digest: digestOf(''), why: why(error) };
    }
  });
  const manifest = listed.find(({ path, kind }) => path === 'package.json' && kind === 'file');
  const list = printList(listed);
  return {
    files: listed,
    list,
    digest: digestOf(list),
    size: listed.reduce((sum, { size }) => sum + size, 0),
    digests: digestsOf(listed),
    target: manifest && manifestTarget(readFileSync(join(root, manifest.path))),
  };
}

/** Every distinct file and link's target, as they were listed. Refuses `folder.changed`. */
function* contentsOf(root: string, files: readonly Listed[]): Generator<Uint8Array> {
  const given = new Set<Digest>();
  for (const { path, kind, digest } of files) {
    if (given.has(digest)) continue;
    given.add(digest);
    const file = join(root, path);
    const bytes =
      kind === 'file'
        ? attempt(path, () => readFileSync(file))
        : utf8Bytes(kind === 'link' ? attempt(path, () => readlinkSync(file)) : '');
    yield unchanged(bytes, path, digest);
  }
}

function unchanged(bytes: Uint8Array, path: string, digest: Digest | undefined): Uint8Array {
  if (digestOf(bytes) === digest) return bytes;
  throw new Refused('folder.changed', undefined, `${path} changed while it was read`);
}

function* entriesOf(
  root: string,
  files: readonly FolderFile[],
  digests: ReadonlyMap<string, Digest>,
): Generator<FileEntry | UnreadMember> {
  for (const { path, kind, why } of files) {
    const file = join(root, path);
    if (why !== undefined) {
      yield { path, size: undefined, offset: undefined, why };
    } else if (kind === 'file') {
      yield fileEntry(file, path, digests.get(path));
    } else if (kind === 'link') {
      yield { ...emptyEntry(path), link: readlinkSync(file) };
    } else {
      const message = 'a socket, pipe or device';
      yield { ...emptyEntry(path), oddities: [{ code: 'folder.device', message }] };
    }
  }
}

function emptyEntry(path: string): FileEntry {
  return { name: path, size: 0, offset: undefined, oddities: [], read: () => new Uint8Array(0) };
}

function fileEntry(file: string, path: string, digest: Digest | undefined): FileEntry {
  return {
    name: path,
    size: statSync(file, { throwIfNoEntry: false })?.size,
    offset: undefined,
    oddities: [],
    read: () =>
      unchanged(
        attempt(path, () => readFileSync(file)),
        path,
        digest,
      ),
  };
}
