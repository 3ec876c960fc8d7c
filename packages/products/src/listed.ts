import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Digest, digestOf, Refused, utf8Bytes, utf8Text } from '@avow/bytes';
import {
  CONTAINER_LIMITS,
  type ContainerLimits,
  type FileEntry,
  openFolder,
  type UnreadMember,
} from '@avow/formats/container';
import { readWholeFile } from './disk.ts';
import { manifestTarget } from './manifest.ts';
import type { Product, ProductOptions } from './product.ts';
import { genericTarget } from './purl.ts';

/** One line of a folder's list (docs/formats/folder.md). */
export interface Listed {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'other';
  /** Of a file; 0 of all else. */
  readonly size: number;
  /** Of the file's bytes, of the text of a link's target, of nothing. */
  readonly digest: Digest;
}

/** `SIZE SP DIGEST SP PATH LF` each; the path's backslashes and line feeds are escaped. */
export function printList(files: readonly Listed[]): Uint8Array {
  const lines = files.map(({ path, kind, size, digest }) => {
    const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
    return `${kind === 'file' ? size : kind} ${digest} ${escaped}\n`;
  });
  return utf8Bytes(lines.join(''));
}

/** Digests of files and of links' targets, by path. */
export function digestsOf(files: readonly Listed[]): ReadonlyMap<string, Digest> {
  return new Map(
    files.filter(({ kind }) => kind !== 'other').map(({ path, digest }) => [path, digest]),
  );
}

/** Refuses `folder.list` at the line, counted from 1, that is none of a list, or not in order. */
export function parseList(
  list: Uint8Array,
  limits: ContainerLimits = CONTAINER_LIMITS,
): readonly Listed[] {
  const lines = (utf8Text(list) ?? '?').split('\n');
  if (lines.pop() !== '' || lines.length > limits.maxMembers) {
    throw new Refused('folder.list', lines.length, 'it is no list of files, or has too many');
  }
  let before = '';
  return lines.map((line, index) => {
    const match = LINE.exec(line);
    const path = (match?.[3] ?? '').replaceAll(/\\([\\n])/g, (_, one) =>
      one === 'n' ? '\n' : one,
    );
    // The same order as a folder's, so that one digest has one list.
    if (match === null || (index > 0 && path <= before)) {
      throw new Refused('folder.list', index + 1, 'it is no line of a list, or not in order');
    }
    before = path;
    const [, size = '', digest] = match;
    const kind = size === 'link' || size === 'other' ? size : 'file';
    return { path, kind, size: kind === 'file' ? Number(size) : 0, digest: digest as Digest };
  });
}

const LINE = /^(0|[1-9]\d{0,14}|link|other) (sha256:[0-9a-f]{64}) (.{1,8192})$/s;

/** Gives what is kept under a digest; undefined where nothing is. */
export type ReadKept = (digest: Digest) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/**
 * A folder by its list, with the same digest and members as where it lay.
 * `name` is what the folder was called. A file that is not there any more, or
 * not as it was, is unread (`folder.absent`). Refuses `folder.list`.
 */
export async function productOfList(
  list: Uint8Array,
  name: string,
  read: ReadKept,
  limits: ContainerLimits = CONTAINER_LIMITS,
): Promise<Product> {
  const files = parseList(list, limits);
  const digest = digestOf(list);
  const manifest = files.find(({ path, kind }) => path === 'package.json' && kind === 'file');
  const told = manifest && (await read(manifest.digest));
  return {
    target: (told && manifestTarget(told)) ?? genericTarget(name, digest),
    digest,
    size: files.reduce((sum, { size }) => sum + size, 0),
    kind: 'folder',
    listed: digestsOf(files),
    list: () => list,
    async *members() {
      const links = new Map<Digest, string>();
      for (const { kind, digest: own } of files) {
        if (kind === 'link') links.set(own, utf8Text(await kept(own, '', read)) ?? '');
      }
      yield* openFolder(
        files.map((one) => entryOf(one, links, read)),
        limits,
      );
    },
  };
}

/** `list:FILE`: a list with its files beside it, each named by the 64 digits of its digest. */
export async function openListProduct(path: string, options: ProductOptions): Promise<Product> {
  const limits = options.limits ?? CONTAINER_LIMITS;
  const file = resolve(options.folder, path);
  const folder = dirname(file);
  const list = readWholeFile(file, limits.maxTotalBytes);
  return productOfList(list, listName(file), (digest) => beside(folder, digest), limits);
}

const SUFFIX = '.list';

/** The file's name for the list of a folder that is called so: any name is one segment of a path. */
export function listFile(name: string): string {
  return `${encodeURIComponent(name).replace(/^\.+$/, 'folder')}${SUFFIX}`;
}

/** The folder's name by its list's. */
export function listName(path: string): string {
  const name = basename(path, SUFFIX);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function beside(folder: string, digest: Digest): Uint8Array | undefined {
  try {
    return readFileSync(join(folder, digest.slice('sha256:'.length)));
  } catch {
    return undefined;
  }
}

function entryOf(
  { path, kind, size, digest }: Listed,
  links: ReadonlyMap<Digest, string>,
  read: ReadKept,
): FileEntry | UnreadMember {
  const entry = { name: path, size, offset: undefined, oddities: [] };
  switch (kind) {
    case 'file':
      return { ...entry, read: () => kept(digest, path, read) };
    case 'link':
      return { ...entry, link: links.get(digest) ?? '', read: () => new Uint8Array(0) };
    case 'other':
      return {
        ...entry,
        oddities: [{ code: 'folder.device', message: 'a socket, pipe or device' }],
        read: () => new Uint8Array(0),
      };
    default:
      return kind satisfies never;
  }
}

async function kept(digest: Digest, path: string, read: ReadKept): Promise<Uint8Array> {
  const bytes = await read(digest);
  if (bytes !== undefined && digestOf(bytes) === digest) return bytes;
  throw new Refused('folder.absent', undefined, `${path}: nothing is kept under ${digest}`);
}
