import { Refused, type Why, why } from '@avow/bytes';
import {
  applyCdiff,
  CLAM_KINDS,
  type ClamTrust,
  extensionOf,
  type FoundDatabase,
  openCvd,
  type ProductMember,
  readCdiff,
} from '@avow/formats/record';

/** What the maker's own scripts say of the way from one update to the other. */
export interface MakersDiff {
  /** The `.cdiff` files, in the order in which they were applied. */
  readonly files: readonly string[];
  /** `leads`: to these very files; `differs`: to others; `refused`: not for the old ones, or not signed; `missing`: steps are. */
  readonly state: 'leads' | 'differs' | 'refused' | 'missing';
  readonly says: string;
  readonly why?: Why;
}

/** freshclam fetches a whole database rather than so many scripts; more are no evidence but work. */
const MAX_STEPS = 100;

/**
 * Applies the maker's `.cdiff` files, found among `beside`, to the old update
 * and holds the outcome against the new one, database file by database file;
 * undefined where there is none of them, or no number leads to the other.
 */
export function makersDiff(
  [old, oldBytes]: readonly [FoundDatabase, Uint8Array],
  [now, newBytes]: readonly [FoundDatabase, Uint8Array],
  beside: readonly ProductMember[],
  trust: ClamTrust,
): MakersDiff | undefined {
  const [from, to] = [Number(old.update), Number(now.update)];
  if (!(from < to) || to - from > MAX_STEPS) return undefined;
  const numbers = Array.from({ length: to - from }, (_, index) => from + 1 + index);
  const scripts = numbers.map((number) => scriptOf(number, now.path, beside));
  const files = scripts.flatMap((script) => script?.path ?? []);
  if (files.length === 0) return undefined;
  const missing = numbers.filter((_, index) => scripts[index] === undefined);
  if (missing.length > 0)
    return { files, state: 'missing', says: `no script beside it leads to ${missing.join(', ')}` };
  try {
    const wanted = filesOf(openCvd(newBytes, extensionOf(now.path), trust.keys));
    let files = filesOf(openCvd(oldBytes, extensionOf(old.path), trust.keys));
    for (const script of scripts) {
      const cdiff = readCdiff(script!.bytes, trust.keys);
      if (!cdiff.isSigned)
        throw new Refused(
          'clamav.signature',
          undefined,
          `${script!.path} is not signed by the key given`,
        );
      files = applyCdiff(files, cdiff);
    }
    return compared(
      scripts.map((script) => script!.path),
      files,
      wanted,
    );
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { files, state: 'refused', says: error.found, why: why(error) };
  }
}

function compared(
  files: readonly string[],
  found: ReadonlyMap<string, Uint8Array>,
  wanted: ReadonlyMap<string, Uint8Array>,
): MakersDiff {
  const names = [...new Set([...found.keys(), ...wanted.keys()])].sort().filter(isDatabaseFile);
  const others = names.filter((name) => !isSame(found.get(name), wanted.get(name)));
  if (others.length === 0)
    return {
      files,
      state: 'leads',
      says: `${files.length} signed by the maker, to the same ${names.length} files`,
    };
  const message = `signed scripts of the maker lead to other bytes of ${others.join(', ')}`;
  const fault = { code: 'clamav.cdiff-differs', message };
  return { files, state: 'differs', says: message, why: fault };
}

/** A file that is empty may as well not be there. */
function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  const [a, b] = [one ?? new Uint8Array(0), other ?? new Uint8Array(0)];
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** The licence and the signed list of files are made anew for each update. */
function isDatabaseFile(name: string): boolean {
  return CLAM_KINDS[extensionOf(name)] !== undefined;
}

function filesOf(cvd: ReturnType<typeof openCvd>): Map<string, Uint8Array> {
  return new Map(cvd.members.map(({ path, bytes }) => [path, bytes]));
}

/** `daily-27801.cdiff` beside `daily.cvd`, `daily.cld` or `daily-27801.cvd`. */
function scriptOf(
  number: number,
  path: string,
  beside: readonly ProductMember[],
): ProductMember | undefined {
  const name = `${stemOf(path)}-${number}.cdiff`;
  return beside.find((one) => one.path.slice(one.path.lastIndexOf('/') + 1) === name);
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/(?:-\d+)?\.\w+$/, '');
}
