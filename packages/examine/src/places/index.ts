/** Places in the modules of a product: what a claim names is looked up here. */
import { Refused } from '@avow/bytes';
import { type CilMethod, readCil } from '@avow/formats/cil';
import { type NativeSlice, nativeKindOf, readNative } from '@avow/formats/native';
import type { Place } from '@avow/locator';
import { findCil } from './cil.ts';
import { PlacedImage } from './native.ts';
import type { FoundPlace, Places } from './place.ts';
import { isUnnamedFile, type NamedFile, unusedFunction } from './reach.ts';
import { lineLengths, PlacedScript, positionOfByte } from './script.ts';
import { PlacedWasm } from './wasm.ts';

export type { FoundPlace, LinePosition, PlacedFunction, Places, Span } from './place.ts';

const SCRIPT = /\.(?:[cm]?jsx?|[cm]?ts|tsx)$/;

/** Pages, and the manifest of an extension, which has some. */
const PAGE = /\.(?:x?html?|vue|svelte)$|(?:^|\/)manifest\.json$/;

/** Looks places up in these files; each module is read when it is first asked about. */
export function placesIn(files: ReadonlyMap<string, Uint8Array>): Places {
  const scripts = remembered((path) => {
    const bytes = files.get(path);
    return bytes === undefined || !SCRIPT.test(path) ? undefined : PlacedScript.read(path, bytes);
  });
  const functions = remembered((path) => scripts(path)?.functions());
  const modules = remembered((path) => unlessRefused(() => readAt(path, files)));
  const hasPages = [...files.keys()].some((path) => PAGE.test(path));
  const named = (): NamedFile[] => [...files].map(([path, bytes]) => ({ path, bytes }));
  return {
    lineLengths: (path) => {
      const bytes = files.get(path);
      return bytes === undefined || isBinary(bytes) ? undefined : lineLengths(bytes);
    },
    functionsOf: functions,
    positionOf: (path, offset) => {
      const bytes = files.get(path);
      return bytes === undefined || isBinary(bytes) ? undefined : positionOfByte(bytes, offset);
    },
    slicesOf: (path) =>
      (unlessRefused(() => slicesIn(files.get(path))) ?? []).flatMap(({ slice }) => slice ?? []),
    find: (path, place) => modules(path)?.find(place),
    unreached: (path, place) => {
      if (place.kind !== 'line') {
        const unused = modules(path)?.unreached(place);
        return unused && `nothing that can run refers to function ${unused} in ${path}`;
      }
      const script = scripts(path);
      const offset = script?.offsetOf(place.start);
      if (script === undefined || offset === undefined) return undefined;
      const unused = unusedFunction(script.tree, offset, hasPages);
      if (unused !== undefined) return `nothing refers to function ${unused} in ${path}`;
      return isUnnamedFile(path, named())
        ? `no file of the product names ${path}, and its package lets nobody in to it`
        : undefined;
    },
  };
}

/** A module of code that is no text. */
interface PlacedModule {
  find(place: Place): FoundPlace | undefined;
  unreached(place: Place): string | undefined;
}

/** A module that its reader refuses has no places that can be told. */
function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

function readAt(path: string, files: ReadonlyMap<string, Uint8Array>): PlacedModule | undefined {
  const bytes = files.get(path);
  if (bytes !== undefined && isWasm(bytes)) {
    return new PlacedWasm(bytes);
  }
  const enter = path.lastIndexOf('!/');
  const holder = bytes ?? (enter < 0 ? undefined : files.get(path.slice(0, enter)));
  if (holder === undefined || nativeKindOf(holder) === undefined) return undefined;
  const slices = slicesIn(holder);
  const wanted = bytes === undefined ? path.slice(enter + 2) : undefined;
  const slice =
    slices.find((one) => one.slice === wanted) ?? (slices.length === 1 ? slices[0] : undefined);
  if (slice === undefined) return undefined;
  const image = new PlacedImage(slice);
  let cil: ReadonlyMap<number, CilMethod> | undefined;
  const isPe = nativeKindOf(holder) === 'pe';
  return {
    find: (place) => {
      if (place.kind !== 'il') return image.find(place);
      cil ??= isPe ? unlessRefused(() => readCil(holder)) : undefined;
      return cil === undefined ? undefined : findCil(cil, place);
    },
    // Methods of CIL are called by name at run time.
    unreached: (place) => (place.kind === 'il' ? undefined : image.unreached(place)),
  };
}

function slicesIn(bytes: Uint8Array | undefined): readonly NativeSlice[] {
  const kind = bytes === undefined ? undefined : nativeKindOf(bytes);
  return kind === undefined ? [] : readNative(bytes!, kind);
}

function isWasm(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
}

function isBinary(bytes: Uint8Array): boolean {
  return isWasm(bytes) || nativeKindOf(bytes) !== undefined;
}

function remembered<T>(make: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>();
  return (path) => {
    if (!known.has(path)) known.set(path, make(path));
    return known.get(path)!;
  };
}
