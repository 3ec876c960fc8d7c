import type { Beside } from '@avow/examine';
import type { GivenCapa } from '@avow/examine/capa';
import {
  type DeclarationText,
  type Examination,
  examineProduct,
  type FlowJob,
  type FlowResult,
  mayBeDatabase,
  type RecordDiff,
} from '@avow/examine/product';
import { CONTAINER_LIMITS, type ContainerLimits, type Member } from '@avow/formats/container';
import { openProduct, type Product } from '@avow/products';
import { cacheFolder, ReadingCache } from '@avow/stores/cache';
import {
  diffRecords,
  engine,
  FlowFollower,
  ModuleReader,
  readDatabasesWith,
  rules,
  type WorkerLimits,
} from '@avow/workers';
import { filesBeside, signersOf } from './clamav.ts';
import { today } from './commands/cache.ts';
import type { Progress } from './progress.ts';

/** Options of every command that reads modules, as the command line has them. */
export interface ReadingOptions {
  readonly cache: boolean;
  readonly ca?: readonly string[];
  readonly keys?: string;
  /** False: data is not followed, and the result says so. */
  readonly flows?: boolean;
  readonly workers?: number;
  readonly moduleBytes?: number;
  readonly moduleSeconds?: number;
  readonly heapMib?: number;
  readonly maxDepth?: number;
  readonly maxMembers?: number;
  readonly memberBytes?: number;
  readonly totalBytes?: number;
}

/** Opens and examines products with one engine, one set of rules and one cache. Close it when done. */
export class Examiner {
  readonly #options: ReadingOptions;
  readonly #progress: Progress;
  readonly #signal: AbortSignal;
  readonly #engine = engine();
  readonly #rules = rules();
  readonly #cache: ReadingCache | undefined;
  readonly #reader: ModuleReader;
  readonly #follower: FlowFollower;
  readonly #capa: GivenCapa | undefined;
  /** As what each product was named: signatures may stand beside its file. */
  readonly #specs = new WeakMap<Product, string>();

  /** @param capa Rules of someone else, tried on native modules besides ours. */
  constructor(options: ReadingOptions, progress: Progress, signal: AbortSignal, capa?: GivenCapa) {
    this.#options = options;
    this.#capa = capa;
    this.#progress = progress;
    this.#signal = signal;
    this.#cache = options.cache ? openCache() : undefined;
    this.#reader = new ModuleReader({
      engine: this.#engine.digest,
      rules: this.#rules.digest,
      limits: workerLimits(options),
      ...(capa === undefined
        ? {}
        : { outside: { digest: capa.rules.digest, json: JSON.stringify(capa.rules) } }),
      onProgress: (done, all) => progress.say(`reading modules: ${done} of ${all}`),
      ...(this.#cache === undefined ? {} : { store: this.#cache }),
    });
    this.#follower = new FlowFollower({
      pool: this.#reader.pool,
      engine: this.#engine.digest,
      rules: this.#rules.digest,
      ...(this.#cache === undefined ? {} : { store: this.#cache }),
    });
  }

  async open(spec: string): Promise<Product> {
    this.#progress.say(`opening ${spec}`);
    const product = await openProduct(spec, {
      folder: process.cwd(),
      limits: containerLimits(this.#options),
      onProgress: (step) => this.#progress.say(step),
      signal: this.#signal,
    });
    this.#specs.set(product, spec);
    return product;
  }

  /** Without `declaration`, the product is held to its own, if it brings one. */
  async examine(
    product: Product,
    declaration?: DeclarationText,
    beside: readonly Beside[] = [],
  ): Promise<Examination> {
    return await examineProduct({
      product,
      engine: this.#engine,
      rules: this.#rules,
      readModules: (tasks) => this.#reader.read(tasks),
      followData: this.#options.flows === false ? 'left-out' : (job) => this.#follow(job),
      readDatabases: async (members, about) => {
        this.#progress.say('reading databases');
        const signed = await this.#beside(product, false);
        const signers = await signersOf(this.#options);
        return readDatabasesWith([...members, ...signed], beside, { ...about, signers });
      },
      ...(this.#capa === undefined ? {} : { capa: this.#capa }),
      ...(declaration === undefined ? {} : { declaration }),
    });
  }

  #follow(job: FlowJob): Promise<FlowResult> {
    this.#progress.say('following data');
    return this.#follower.follow(job);
  }

  /** What changed in the databases of two products and those beside them; undefined where there is none. */
  async diffRecords(
    [before, besideOld]: readonly [Product, readonly Beside[]],
    [after, besideNew]: readonly [Product, readonly Beside[]],
  ): Promise<RecordDiff | undefined> {
    this.#progress.say('comparing databases');
    const scripts = [...(await this.#beside(before, true)), ...(await this.#beside(after, true))];
    const signers = await signersOf(this.#options);
    const [old, now] = [await databaseMembers(before), await databaseMembers(after)];
    return diffRecords(
      [...old, ...besideOld.flatMap(({ members }) => members)],
      [...now, ...besideNew.flatMap(({ members }) => members)],
      signers,
      scripts,
    );
  }

  #beside(product: Product, scripts: boolean) {
    return filesBeside(this.#specs.get(product) ?? '', product, scripts);
  }

  close(): void {
    this.#reader.close();
    this.#cache?.close();
    this.#progress.end();
  }
}

async function databaseMembers(product: Product): Promise<Member[]> {
  const members: Member[] = [];
  for await (const member of product.members())
    if ('bytes' in member && mayBeDatabase(member.path, member.bytes)) members.push(member);
  return members;
}

/** Runs `work` with an examiner that is closed whatever comes of it. */
export async function withExaminer<T>(
  options: ReadingOptions,
  progress: Progress,
  signal: AbortSignal,
  work: (examiner: Examiner) => Promise<T>,
  capa?: GivenCapa,
): Promise<T> {
  const examiner = new Examiner(options, progress, signal, capa);
  try {
    return await work(examiner);
  } finally {
    examiner.close();
  }
}

/** A cache that cannot be used is as good as none, and is told. */
function openCache(): ReadingCache | undefined {
  try {
    return new ReadingCache(cacheFolder(), today());
  } catch (error) {
    process.stderr.write(
      `avow: going on without a cache: ${error instanceof Error ? error.message : error}\n`,
    );
    return undefined;
  }
}

function workerLimits(options: ReadingOptions): Partial<WorkerLimits> {
  return defined({
    workers: options.workers,
    maxModuleBytes: options.moduleBytes,
    moduleMs: options.moduleSeconds && options.moduleSeconds * 1000,
    heapMiB: options.heapMib,
  });
}

function containerLimits(options: ReadingOptions): ContainerLimits {
  return {
    ...CONTAINER_LIMITS,
    ...defined({
      maxDepth: options.maxDepth,
      maxMembers: options.maxMembers,
      maxMemberBytes: options.memberBytes,
      maxTotalBytes: options.totalBytes,
    }),
  };
}

/** Without what was not given. */
function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
