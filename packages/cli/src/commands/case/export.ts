import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Digest, utf8Text } from '@avow/bytes';
import {
  type Case,
  casePage,
  type Docket,
  type DocketEvent,
  headAt,
  headBytes,
  isFolder,
  nameOf,
  parseHead,
  parseReceipt,
  proveSubjects,
  type Receipt,
  receiptText,
} from '@avow/docket';
import { listFile, parseList } from '@avow/products';
import type { DocketFolder } from '@avow/stores/docket';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { CLOCK, type DocketOptions, type Now, tell, withDocket } from '../claim/open.ts';

export interface ExportOptions extends DocketOptions {
  readonly output: string;
  /** False: the product stays out, as its licence may ask. */
  readonly product: boolean;
}

/** Writes a folder that a stranger can read and re-run: page, events, receipts, texts, evidence, the product. */
export async function exportCommand(
  id: string,
  options: ExportOptions,
  now: Now = CLOCK,
): Promise<ExitStatus> {
  return withDocket(options, now, async (docket, opened) => {
    const files = await exportedFiles(id, docket, opened, options.product);
    for (const [path, bytes] of files) {
      const target = join(options.output, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes);
    }
    tell(
      { folder: options.output, files: [...files.keys()] },
      [`${files.size} files in ${options.output}; begin with index.html`],
      options.json,
    );
    return EXIT.ok;
  });
}

async function exportedFiles(
  id: string,
  docket: Docket,
  opened: DocketFolder,
  withProduct: boolean,
): Promise<ReadonlyMap<string, Uint8Array | string>> {
  const { store, kept } = opened;
  const found = await docket.case(id);
  const events: DocketEvent[] = [...(await store.eventsOf(id))];
  for (const claim of found.claims) events.push(...(await store.eventsOf(claim)));
  events.sort((one, other) => one.number - other.number);
  const receipts = await receiptsOf(found, docket);
  const texts = new Map<string, string>();
  for (const { text } of found.statements) {
    const said = await docket.textOf(text);
    if (said !== undefined) texts.set(text, said);
  }
  const files = new Map<string, Uint8Array | string>();
  for (const [path, bytes] of await provenBy(found, opened)) files.set(path, bytes);
  const declarations = new Set<string>();
  files.set('case.json', `${JSON.stringify(found, undefined, 1)}\n`);
  files.set('events.jsonl', events.map((one) => `${JSON.stringify(one)}\n`).join(''));
  for (const [index, receipt] of receipts.entries()) {
    files.set(`receipt-${index + 1}.json`, receiptText(receipt));
    const declaration = receipt.declaration && (await kept.read(receipt.declaration));
    if (!declaration) continue;
    files.set(`declaration-${index + 1}.yaml`, declaration);
    declarations.add(receipt.declaration!);
  }
  const handed = withProduct ? await artifactsOf(found, opened) : { specs: [], files: new Map() };
  for (const [path, bytes] of handed.files) files.set(path, bytes);
  const products = handed.specs;
  files.set('index.html', casePage({ found, events, receipts, declarations, texts, products }));
  for (const [digest, text] of texts) files.set(`kept/${digest.slice(7)}`, text);
  for (const { digest } of found.evidence) {
    const bytes = await kept.read(digest);
    if (bytes !== undefined) files.set(`kept/${digest.slice(7)}`, bytes);
  }
  return files;
}

/**
 * The head that the log holds, with the log's proof of it, or where none was
 * logged, the head as it is now; and what proves by it that the events are all.
 */
async function provenBy(
  { id, claims, logged }: Case,
  { store, kept }: DocketFolder,
): Promise<ReadonlyMap<string, Uint8Array | string>> {
  const latest = logged.at(-1);
  const [bytes, proof] =
    latest === undefined ? [] : [await kept.read(latest.head), await kept.read(latest.proof)];
  const known = bytes === undefined ? undefined : parseHead(utf8Text(bytes) ?? '');
  const headed = await headAt(store.events(), known?.number);
  const files = new Map<string, Uint8Array | string>([
    ['head.json', bytes ?? headBytes(headed.head)],
    ['proof.json', `${JSON.stringify(proveSubjects(headed, [id, ...claims]), undefined, 1)}\n`],
  ]);
  if (bytes !== undefined && proof !== undefined) files.set('head.tlog-proof', proof);
  return files;
}

/** What a command names a product of the export by, and its files. */
interface Handed {
  readonly specs: readonly string[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The product, or both contents of an alarm, under the names that say what they are. */
async function artifactsOf(
  { target, product, contents }: Case,
  { artifacts, kept }: DocketFolder,
): Promise<Handed> {
  const files = new Map<string, Uint8Array>();
  const specs: string[] = [];
  const wanted = new Set<string | undefined>(contents.length > 0 ? contents : [product]);
  for (const artifact of await artifacts.artifactsNamed(nameOf(target))) {
    const { digest, file } = artifact;
    const bytes = wanted.delete(digest) ? await kept.read(digest) : undefined;
    if (bytes === undefined) continue;
    const folder = `product/${digest.slice(7, 19)}`;
    const path = `${folder}/${isFolder(artifact) ? listFile(file.slice(0, -1)) : safe(file)}`;
    files.set(path, bytes);
    specs.push(isFolder(artifact) ? `list:${path}` : path);
    if (!isFolder(artifact)) continue;
    for (const own of new Set(parseList(bytes).map((one) => one.digest))) {
      const one = await kept.read(own);
      if (one !== undefined) files.set(`${folder}/${own.slice(7)}`, one);
    }
  }
  return { specs, files };
}

/** A file's name, which came from outside, as one segment of a path. */
function safe(file: string): string {
  const name = file.replaceAll(/[^\w.@+~()-]+/g, '_').slice(-200);
  return /^\.*$/.test(name) ? 'file' : name;
}

/** Each distinct receipt of the case's runs. */
export async function receiptsOf({ runs }: Case, docket: Docket): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  for (const digest of new Set<Digest>(runs.map(({ receipt }) => receipt))) {
    const text = await docket.textOf(digest);
    if (text !== undefined) receipts.push(parseReceipt(text));
  }
  return receipts;
}
