import { open, rm } from 'node:fs/promises';
import { type Digest, Refused } from '@avow/bytes';
import type { TableFolder } from '@avow/stores/tables';
import { hasTables, TABLES_VERSION } from '@avow/views/contents';
import { programBeside, type RunEnd, runChild } from '../children/run.ts';
import { StandingChildren } from '../children/standing.ts';
import type { ObjectPort } from '../kept/objects.ts';
import type { BuildTask, ReadTask } from './task.ts';

const BUILD = programBeside(import.meta.url, 'build-child');
const READ = programBeside(import.meta.url, 'read-child');

/** node, 126 MB, takes 3 s and 0.5 GB. */
const BUILD_LIMITS = { seconds: 120, memory: 2 * 1024 ** 3 };
/** Four large modules open take 0.3 GB. */
const READ_LIMITS = { seconds: 10, memory: 1024 ** 3, idle: 120 };
const READERS = 2;
/** Modules whose tables are made at once: each may take much memory. */
const BUILDERS = 2;
/** Above this a module is not shown but in bytes: `limits.md` has what is examined at all. */
export const MAX_MODULE = 512_000_000;
const PIECE = 8 << 20;

/** One file of a release; `slice` is the part of its path behind it. */
export interface ModuleFile {
  readonly digest: Digest;
  readonly size: number;
  readonly slice?: string;
}

type WithoutTables<Task> = Task extends unknown ? Omit<Task, 'tables'> : never;

/**
 * What is in modules of machine code and WebAssembly: their tables are made
 * once, by a child that may die of it, and asked by children that stay.
 */
export class Modules {
  readonly #objects: ObjectPort;
  readonly #folder: TableFolder;
  readonly #now: () => number;
  readonly #readers = new StandingChildren(READ, READ_LIMITS, READERS);
  /** What is being made, by name: who asks meanwhile waits for the same. */
  readonly #making = new Map<string, Promise<void>>();
  #building = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(objects: ObjectPort, folder: TableFolder, now: () => number) {
    this.#objects = objects;
    this.#folder = folder;
    this.#now = now;
  }

  close(): void {
    this.#readers.close();
  }

  /** Whether a file is a module that has tables, by its first bytes. */
  async isModule({ digest, size }: ModuleFile): Promise<boolean> {
    const head = size > MAX_MODULE ? undefined : await this.#objects.readRange(digest, 0, 16);
    return head !== undefined && hasTables(head);
  }

  /**
   * Asks one thing of a module. Refuses `locate.place-kind` for what is no such
   * module, `module.too-large`, `module.unread` where a child died of it, and as
   * readers do.
   */
  async ask<Answer>(file: ModuleFile, task: WithoutTables<ReadTask>): Promise<Answer> {
    await this.make(file);
    const tables = this.#folder.path(nameOf(file));
    let end = await this.#readers.ask({ ...task, tables });
    if (end.state === 'refused' && end.code === 'module.tables') {
      // Dropped meanwhile, or damaged.
      await this.#folder.remove(nameOf(file));
      await this.make(file);
      end = await this.#readers.ask({ ...task, tables });
    }
    return resultOf(end) as Answer;
  }

  /** Makes a module's tables, where they are not there. Refuses as `ask`. */
  async make(file: ModuleFile): Promise<void> {
    const name = nameOf(file);
    if (await this.#folder.has(name, this.#now())) return;
    let making = this.#making.get(name);
    if (making === undefined) {
      making = this.#build(file, name).finally(() => this.#making.delete(name));
      this.#making.set(name, making);
    }
    await making;
  }

  async #build(file: ModuleFile, name: string): Promise<void> {
    if (!(await this.isModule(file))) throw noModule(file);
    await this.#turn();
    const source = this.#folder.source(name);
    try {
      await this.#write(file, source);
      const path = this.#folder.path(name);
      const { slice } = file;
      const task: BuildTask = { source, path, ...(slice === undefined ? {} : { slice }) };
      const signal = new AbortController().signal;
      resultOf(await runChild(BUILD, task, BUILD_LIMITS, signal, () => {}));
      await this.#folder.trim(this.#now());
    } finally {
      await rm(source, { force: true });
      this.#building--;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    while (this.#building >= BUILDERS) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#building++;
  }

  /** The module's bytes as a file, in pieces: it may be larger than memory has room. */
  async #write({ digest, size }: ModuleFile, path: string): Promise<void> {
    const file = await open(path, 'w', 0o600);
    try {
      for (let at = 0; at < size; at += PIECE) {
        const piece = await this.#objects.readRange(digest, at, Math.min(size, at + PIECE));
        if (piece === undefined) {
          throw new Refused('catalogue.absent', undefined, `${digest} is not kept`);
        }
        await file.writeFile(piece);
      }
    } finally {
      await file.close();
    }
  }
}

/** A name of a file: what the tables depend on, and nothing that a product says. */
function nameOf({ digest, slice }: ModuleFile): string {
  const part = slice === undefined ? '' : `-${Buffer.from(slice).toString('hex').slice(0, 64)}`;
  return `${digest.slice('sha256:'.length)}${part}-${TABLES_VERSION}`;
}

function noModule({ size }: ModuleFile): Refused {
  if (size <= MAX_MODULE) {
    return new Refused(
      'locate.place-kind',
      undefined,
      'the file is neither machine code nor WebAssembly',
    );
  }
  return new Refused('module.too-large', undefined, `it has ${size} bytes, ${MAX_MODULE} are read`);
}

function resultOf(end: RunEnd): unknown {
  switch (end.state) {
    case 'done':
      return end.result;
    case 'refused':
      throw new Refused(end.code, undefined, end.message);
    case 'stopped':
      throw new Refused('module.unread', undefined, `the module could not be read: ${end.why}`);
    case 'died':
      // Why a child died is for the log of the service, not for who asks.
      throw new Refused(
        'module.unread',
        undefined,
        'the module could not be read: its reader died',
      );
    default:
      return end satisfies never;
  }
}
