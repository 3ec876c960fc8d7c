import { decodeText, Refused } from '@avow/bytes';
import type { Stored, StoredFunction, StoredRecord } from '@avow/docket';
import type { DeclarationText } from '@avow/examine';
import { isFunction, type Member, nameOf, readScript, scriptText } from '@avow/formats';
import type { Place } from '@avow/locator';
import type { Examiner } from '../../examiner.ts';

/** A product, opened and examined, with its places at hand. */
export async function storedOf(
  examiner: Examiner,
  spec: string,
  declaration?: DeclarationText,
): Promise<Stored> {
  const product = await examiner.open(spec);
  const members = new Map<string, Member>();
  for await (const member of product.members()) {
    if ('bytes' in member && member.link === undefined) members.set(member.path, member);
  }
  // Under one name, so that a result does not depend on where the file lay.
  const held = declaration && { ...declaration, source: 'declaration' };
  const examination = await examiner.examine(product, held);
  const records = examination.databases.length > 0 ? await recordsOf([...members.values()]) : [];
  const functions = new Map<string, readonly StoredFunction[]>();
  const native = await import('@avow/formats/native');
  return {
    examination,
    files: [...members.values()].map(({ path, digest, bytes }) => ({
      path,
      digest,
      size: bytes.length,
    })),
    records,
    lineLengths: (path) => {
      const member = members.get(path);
      return member === undefined || native.nativeKindOf(member.bytes) !== undefined
        ? undefined
        : lengthsOf(member.bytes);
    },
    functionsOf: (path) => {
      const member = members.get(path);
      if (member === undefined || !SCRIPT.test(path)) return undefined;
      const known = functions.get(path) ?? functionsIn(member);
      functions.set(path, known);
      return known;
    },
    holdsAddress: (path, place) => {
      const member = members.get(path);
      return member === undefined ? undefined : holdsAddress(member, place, native);
    },
  };
}

const SCRIPT = /\.(?:[cm]?jsx?|[cm]?ts|tsx)$/;

async function recordsOf(members: readonly Member[]): Promise<readonly StoredRecord[]> {
  const { databasesIn } = await import('@avow/formats/record');
  const { recordsOf: all } = await import('@avow/examine/record');
  return databasesIn(members).flatMap((database) =>
    [...all(database)].map(({ member, id, line, digest }) => ({ path: member, id, line, digest })),
  );
}

function lengthsOf(bytes: Uint8Array): readonly number[] {
  return decodeText(bytes)
    .text.split(/\r\n|[\n\r\u2028\u2029]/)
    .map(({ length }) => length);
}

/** Functions of a script, by the parsers in JavaScript; none of one that they refuse. */
function functionsIn({ bytes, path }: Member): readonly StoredFunction[] {
  const { text } = scriptText(bytes);
  const language = /\.tsx$/.test(path) ? 'tsx' : /\.[cm]?ts$/.test(path) ? 'ts' : 'js';
  try {
    const tree = readScript(text, { language, goal: 'unknown' });
    const at = positions(text);
    const found: StoredFunction[] = [];
    for (let node = 0; node < tree.count; node++) {
      if (!isFunction(tree, node)) continue;
      const first = node + 1 < tree.next[node]! ? nameOf(tree, node + 1) : undefined;
      found.push({ name: first ?? '', start: at(tree.start[node]!), end: at(tree.end[node]!) });
    }
    return found;
  } catch (error) {
    if (error instanceof Refused) return [];
    throw error;
  }
}

/** Line and column, from 1, of an offset. */
function positions(text: string): (offset: number) => StoredFunction['start'] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) {
    starts.push(index + end.length);
  }
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
}

type Native = typeof import('@avow/formats/native');

function holdsAddress({ bytes }: Member, place: Place, native: Native): boolean | undefined {
  const kind = native.nativeKindOf(bytes);
  if (kind === undefined || (place.kind !== 'rva' && place.kind !== 'va')) return undefined;
  try {
    return native.readNative(bytes, kind).some(({ image }) => {
      const rva =
        place.kind === 'rva' ? Number(place.address) : native.rvaOfVa(image, place.address);
      return rva !== undefined && native.rangeAt(image, rva) !== undefined;
    });
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
