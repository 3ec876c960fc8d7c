import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RuleFile } from '@avow/examine/capa';

const MAX_BYTES = 1 << 30;

/** Files of a folder, or of the newest commit of a git directory: read into memory, never written. */
export interface Corpus {
  readonly paths: readonly string[];
  /** Undefined for what is listed and is not there. */
  read(path: string): Buffer | undefined;
  /** Several texts at once. */
  texts(paths: readonly string[]): readonly RuleFile[];
}

/** The folder or git directory that an environment variable names; undefined, with a word, without one. */
export function corpusOf(variable: string): Corpus | undefined {
  const folder = process.env[variable];
  if (folder === undefined || !existsSync(folder)) {
    console.log(`skipped: ${variable} names no folder`);
    return undefined;
  }
  return existsSync(join(folder, 'HEAD')) ? gitCorpus(folder) : folderCorpus(folder);
}

function folderCorpus(folder: string): Corpus {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const paths = all.filter((path) => statSync(join(folder, path)).isFile());
  const read = (path: string): Buffer => readFileSync(join(folder, path));
  return {
    paths,
    read,
    texts: (wanted) => wanted.map((path) => ({ path, text: `${read(path)}` })),
  };
}

function gitCorpus(folder: string): Corpus {
  const git = (...args: readonly string[]): Buffer | undefined => {
    const { status, stdout } = spawnSync('git', ['-C', folder, ...args], { maxBuffer: MAX_BYTES });
    return status === 0 ? stdout : undefined;
  };
  const blobs = new Map<string, string>();
  for (const line of `${git('ls-tree', '-r', '-z', 'HEAD') ?? ''}`.split('\0')) {
    const found = /^\d+ blob (\w+)\t(.*)$/s.exec(line);
    if (found !== null) blobs.set(found[2]!, found[1]!);
  }
  return {
    paths: [...blobs.keys()],
    read: (path) => git('cat-file', 'blob', blobs.get(path)!),
    texts: (wanted) => {
      const input = wanted.map((path) => `${blobs.get(path)}\n`).join('');
      const options = { input, maxBuffer: MAX_BYTES };
      return batched(
        spawnSync('git', ['-C', folder, 'cat-file', '--batch'], options).stdout,
        wanted,
      );
    },
  };
}

/** `<object> blob <size>`, a line, then the bytes and a line's end: each of `git cat-file --batch`. */
function batched(output: Buffer, paths: readonly string[]): RuleFile[] {
  let at = 0;
  return paths.map((path) => {
    const end = output.indexOf(10, at);
    const size = Number(output.toString('latin1', at, end).split(' ')[2]);
    const text = output.toString('utf8', end + 1, end + 1 + size);
    at = end + 1 + size + 1;
    return { path, text };
  });
}

/** The rules of a corpus. */
export function rulesOf(corpus: Corpus): RuleFile[] {
  return [
    ...corpus.texts(corpus.paths.filter((path) => path.endsWith('.yml') && !path.startsWith('.'))),
  ];
}

/** Samples by the names that examples give them: the file's, without its last underscore, without what follows a dot. */
export function samplesOf(corpus: Corpus): ReadonlyMap<string, string> {
  const samples = new Map<string, string>();
  for (const path of corpus.paths) {
    const name = basename(path).toLowerCase();
    for (const key of [name, name.replace(/_$/, ''), name.replace(/\..*$/, '')]) {
      if (!samples.has(key)) samples.set(key, path);
    }
  }
  return samples;
}
