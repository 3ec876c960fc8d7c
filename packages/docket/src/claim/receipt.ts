import { type Digest, digestOf, Refused } from '@avow/bytes';
import type { Examination } from '@avow/examine';
import { type Locator, printLocator, printPlace } from '@avow/locator';
import { canonicalJson, type Json, type JsonObject } from '@avow/log';
import type { Recheck } from './recheck.ts';
import { printSaid, type Said } from './said.ts';
import type { StoredFile } from './stored.ts';

/** What a re-check was made of and what came of it: all that is needed to make it again. */
export interface Receipt {
  readonly schema: 'avow.receipt/1';
  readonly locator: string;
  readonly said: string;
  readonly product: { readonly target: string; readonly digest: Digest };
  readonly module: { readonly path: string; readonly digest: Digest };
  /** Of a place in code: its first byte in the file, and its address in the module. */
  readonly views?: { readonly byteOffset?: number; readonly relativeAddress?: number };
  /** In force when the claim was made; absent: none was. */
  readonly declaration?: Digest;
  readonly engine: { readonly version: string; readonly digest: Digest };
  readonly rules: { readonly update: number; readonly digest: Digest };
  /** Digest of the examination, as `avow examine --format json` prints it. */
  readonly result: Digest;
  readonly recheck: Recheck;
}

/** The examination's digest: SHA-256 of what `avow examine --format json` prints. */
export function resultDigest(examination: Examination): Digest {
  return digestOf(`${JSON.stringify(examination, undefined, 1)}\n`);
}

export function receiptOf(
  locator: Locator,
  said: Said,
  module: StoredFile,
  examination: Examination,
  recheck: Recheck,
  views?: Receipt['views'],
): Receipt {
  const declaration = examination.declaration?.digest;
  return {
    schema: 'avow.receipt/1',
    locator: printLocator(locator),
    said: printSaid(said),
    product: { target: examination.product.target, digest: examination.product.digest },
    module: { path: module.path, digest: module.digest },
    ...(views === undefined ? {} : { views }),
    ...(declaration === undefined ? {} : { declaration }),
    engine: examination.engine,
    rules: examination.rules,
    result: resultDigest(examination),
    recheck,
  };
}

/** Canonical JSON with a line end, so that a receipt's digest is that of its file. */
export function receiptText(receipt: Receipt): string {
  return `${canonicalJson(wellFormed(receipt as unknown as Json))}\n`;
}

/** Reads a receipt. Refuses `docket.receipt`. */
export function parseReceipt(text: string): Receipt {
  let value: Receipt;
  try {
    value = JSON.parse(text) as Receipt;
  } catch {
    throw new Refused('docket.receipt', undefined, 'it is not JSON');
  }
  const isReceipt =
    value?.schema === 'avow.receipt/1' &&
    [value.locator, value.said, value.result, value.product?.digest].every(
      (one) => typeof one === 'string',
    );
  if (!isReceipt) throw new Refused('docket.receipt', undefined, 'it is no avow.receipt/1');
  return value;
}

/** What is not equal between a receipt and the same re-check made again; nothing when all is. */
export function receiptDifferences(one: Receipt, again: Receipt): readonly string[] {
  const differ = (name: string, a: Json | undefined, b: Json | undefined): string[] =>
    canonicalJson(wellFormed(a ?? null)) === canonicalJson(wellFormed(b ?? null))
      ? []
      : [`${name}: ${short(a)} in the receipt, ${short(b)} now`];
  return [
    ...differ('product', one.product.digest, again.product.digest),
    ...differ('declaration', one.declaration, again.declaration),
    ...differ('engine', one.engine.digest, again.engine.digest),
    ...differ('rules', one.rules.digest, again.rules.digest),
    ...differ('result', one.result, again.result),
    ...differ('outcome', one.recheck.outcome, again.recheck.outcome),
    ...differ('re-check', one.recheck as unknown as Json, again.recheck as unknown as Json),
  ];
}

/**
 * What makes two claims one: the module's bytes, what is said of them, and the
 * place; where something was found, the place at which it was.
 */
export function fingerprintOf(
  module: Digest,
  locator: Locator,
  said: Said,
  matched: readonly string[],
): Digest {
  const place = matched.length > 0 ? [...matched].sort().join(' ') : printPlace(locator.place);
  return digestOf([module, printSaid(said), place].join('\n'));
}

function short(value: Json | undefined): string {
  const text =
    value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** Evidence can hold lone surrogates, which canonical JSON has no form for. */
function wellFormed(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as JsonObject).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.map(([name, one]) => [name, wellFormed(one)]));
}
