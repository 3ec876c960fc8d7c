import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { digestOf } from '@avow/bytes';
import type { DeclarationText } from '@avow/examine';
import {
  type ChainedEntry,
  entryBytes,
  entryDigest,
  hashDigest,
  type Manifest,
  manifestBytes,
  printProofFile,
  RecordTree,
  recordListBytes,
} from '@avow/log';
import type { Product } from '@avow/products';
import { declarationIn } from '../declaration.ts';
import { UsageError } from '../errors.ts';
import { withExaminer } from '../examiner.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { Progress } from '../progress.ts';
import { type AppendTo, openToAppend } from './log/append.ts';
import { type Inventory, inventoryOf } from './log/inventory.ts';
import { readToken } from './log/serve.ts';

export interface PublishOptions {
  readonly log: string;
  readonly key?: string;
  readonly token?: string;
  readonly maker: string;
  readonly product?: string;
  readonly channel: string;
  readonly number?: number;
  readonly update?: boolean;
  readonly declaration?: string;
  readonly keepArtifact?: boolean;
  readonly output?: string;
  readonly cache: boolean;
}

/** Examines a product or an update, logs it, and writes its proof once it is cosigned. */
export async function publishCommand(
  spec: string,
  options: PublishOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const progress = new Progress(process.stderr, true);
  const found = await withExaminer({ cache: options.cache }, progress, signal, async (examiner) => {
    const product = await examiner.open(spec);
    const declared =
      options.declaration === undefined ? undefined : ownDeclaration(options.declaration);
    const examination = declared && (await examiner.examine(product, declared));
    return { product, examination, inventory: await inventoryOf(product, options.update === true) };
  });
  const findings = found.examination?.findings.length ?? 0;
  if (findings > 0) {
    console.error(
      `avow: not published: ${findings} findings that ${options.declaration} does not cover.\n` +
        `Next: avow examine ${spec} --declaration ${options.declaration}`,
    );
    return EXIT.findings;
  }
  const token = options.token === undefined ? undefined : readToken(options.token);
  const log = await openToAppend(options.log, {
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(token === undefined ? {} : { token }),
  });
  try {
    return await publish(log, found.product, found.inventory, options);
  } finally {
    await log.close();
  }
}

/** In Avow's own form: the log keeps its bytes alone, and no name that would tell another. */
function ownDeclaration(file: string): DeclarationText {
  const declared = declarationIn(file);
  if (declared.form === 'avow') return declared;
  throw new UsageError(
    `${file} is a declaration in the form ${declared.form}; the log takes Avow's own`,
    'avow declare drafts one from what the product does',
  );
}

async function publish(
  log: AppendTo,
  product: Product,
  inventory: Inventory,
  options: PublishOptions,
): Promise<ExitStatus> {
  const { entry, bytes, index, proof, manifest, list } = await enter(
    log,
    product,
    inventory,
    options,
  );
  const output = options.output ?? 'release.tlog-proof';
  writeFileSync(output, proof);
  writeFileSync(`${output}.manifest`, manifest);
  if (options.update === true) writeFileSync(`${output}.records`, list);
  process.stdout.write(
    `${entry.type} ${entry.number} of ${entry.product} on ${entry.channel} is entry ${index}, ${entryDigest(bytes)}\n`,
  );
  console.error(`Give ${output} and ${output}.manifest to whoever checks offline.`);
  return EXIT.ok;
}

/** What was logged, and what proves it. */
export interface Entered {
  readonly entry: ChainedEntry;
  readonly bytes: Uint8Array;
  readonly index: bigint;
  readonly proof: Uint8Array | string;
  readonly manifest: Uint8Array;
  readonly list: Uint8Array;
}

/** Logs a release or an update, with its manifest beside it, once it is cosigned. */
export async function enter(
  log: AppendTo,
  product: Product,
  inventory: Inventory,
  options: Omit<PublishOptions, 'log' | 'cache'>,
): Promise<Entered> {
  const records = new RecordTree(inventory.databases.flatMap(({ records }) => records));
  const list = recordListBytes(records);
  const manifest = manifestBytes(manifestOf(inventory, records, list, options));
  const declaration =
    options.declaration === undefined ? undefined : readFileSync(options.declaration);
  const entry = await entryOf(log, product, inventory, manifest, declaration, options);
  const bytes = entryBytes(entry);
  await log.keep(manifest);
  if (options.update === true) await log.keep(list);
  if (declaration !== undefined) await log.keep(declaration);
  if (options.keepArtifact === true) await log.keep(artifactOf(product));
  const index = await log.append(bytes);
  const { note, tree } = await log.published(index + 1n);
  const { proof: path } = await tree.inclusion(index);
  const proof = printProofFile({ extra: bytes, index, path, checkpoint: note });
  return { entry, bytes, index, proof, manifest, list };
}

function manifestOf(
  { members, databases }: Inventory,
  tree: RecordTree,
  list: Uint8Array,
  { update }: Pick<PublishOptions, 'update'>,
): Manifest {
  if (update !== true) return { schema: 'avow.release/1', members };
  if (databases.length === 0) {
    throw new UsageError(
      'there is no database in it that Avow can read',
      'publish it without --update',
    );
  }
  return {
    schema: 'avow.update/1',
    databases: databases.map(({ path, format, digest, size, records }) => ({
      path,
      format,
      digest,
      size,
      records: records.length,
    })),
    records: tree.records.length,
    root: hashDigest(tree.root),
    list: digestOf(list),
  };
}

async function entryOf(
  log: AppendTo,
  product: Product,
  inventory: Inventory,
  manifest: Uint8Array,
  declaration: Uint8Array | undefined,
  options: Omit<PublishOptions, 'log' | 'cache'>,
): Promise<ChainedEntry> {
  const { name, version } = nameAndVersion(product.target);
  const type = options.update === true ? 'update' : 'release';
  const chain = {
    type,
    maker: options.maker,
    product: options.product ?? name,
    channel: options.channel,
  } as const;
  const head = await log.headOf(chain);
  const common = {
    ...chain,
    number: options.number ?? (head === undefined ? 1 : head.entry.number + 1),
    ...(head === undefined ? {} : { prev: head.digest }),
    digest: product.digest,
    size: product.size,
    manifest: digestOf(manifest),
    ...(version === undefined ? {} : { version }),
    ...(declaration === undefined ? {} : { declaration: digestOf(declaration) }),
  };
  if (type === 'release') {
    const integrity = integrityOf(product);
    return { ...common, type, ...(integrity === undefined ? {} : { integrity }) };
  }
  const records = inventory.databases.flatMap((database) => database.records);
  return {
    ...common,
    type,
    records: records.length,
    root: hashDigest(new RecordTree(records).root),
  };
}

function artifactOf({ artifact }: Product): Uint8Array {
  if (artifact !== undefined) return artifact();
  throw new UsageError(
    'a folder has no artifact to keep',
    'publish the archive, or leave --keep-artifact',
  );
}

/** `pkg:npm/name@1.2.3` without its version, and the version. */
export function nameAndVersion(target: string): { name: string; version: string | undefined } {
  const match = /^(pkg:[^@?#]+)@([^?#]+)/.exec(target);
  if (match === null) return { name: target, version: undefined };
  const version = decodeURIComponent(match[2]!);
  // A folder that says no version is named by its digest, which no other copy has.
  return { name: match[1]!, version: version.startsWith('sha256:') ? undefined : version };
}

/** Of an archive, wherever it came from: SHA-512 as lock files have it. */
function integrityOf({ artifact }: Product): string | undefined {
  return artifact && `sha512-${hash('sha512', artifact(), 'base64')}`;
}
