import {
  type Functions,
  functionAt,
  indexAt,
  type NativeCode,
  type NativeImage,
  type NativeSlice,
  offsetOf,
  rangeAt,
  rvaOf,
  rvaOfVa,
  sweepCode,
} from '@avow/formats/native';
import type { Place } from '@avow/locator';
import { NativeReach } from './native-reach.ts';
import type { FoundPlace } from './place.ts';

/** Names compared with one that is not there; of more, the first are. */
const MAX_NAMES = 20_000;
/** Functions shown around an address. */
const NEAR = 5;

/** Places of one image of machine code. */
export class PlacedImage {
  readonly #slice: NativeSlice;
  #code: NativeCode | undefined;
  #reach: { readonly known: NativeReach | undefined } | undefined;

  constructor(slice: NativeSlice) {
    this.#slice = slice;
  }

  find(place: Place): FoundPlace | undefined {
    const { image } = this.#slice;
    const rva = this.#rvaOf(place);
    if (rva === undefined) return undefined;
    if (typeof rva !== 'number') return rva;
    const range = rangeAt(image, rva);
    const length = 'length' in place ? (place.length ?? 1) : 1;
    if (range?.executable === true && offsetOf(image, rva + length - 1) !== undefined) {
      // Within the slice: what counts in a fat file is what a person would open.
      const offset = offsetOf(image, rva)!;
      const span = { start: rva, end: rva + length, offset, rva, ...this.#within(rva) };
      return { state: 'here', span };
    }
    const what = range === undefined ? 'nothing of the module' : 'data, not code,';
    const says = `${what} is at RVA 0x${rva.toString(16)}`;
    return { state: 'outside', says, near: this.#near(rva) };
  }

  /** The function around a place that nothing refers to; undefined where something may, or that is not known. */
  unreached(place: Place): string | undefined {
    const rva = this.#rvaOf(place);
    const { image } = this.#slice;
    const functions = this.#known();
    const index = typeof rva === 'number' ? functionAt(functions, rva) : -1;
    if (index < 0) return undefined;
    this.#reach ??= { known: NativeReach.of(image, this.#code!) };
    if (this.#reach.known?.isUnreached(index) !== true) return undefined;
    const symbol = functions.symbol[index]!;
    const name = symbol < 0 ? undefined : nameAt(image, symbol);
    return name || `at RVA 0x${functions.start[index]!.toString(16)}`;
  }

  #rvaOf(place: Place): number | FoundPlace | undefined {
    const { image, offset: sliceOffset } = this.#slice;
    switch (place.kind) {
      case 'rva':
        return numbered(place.address) ?? this.#beyond('RVA', place.address);
      case 'va': {
        const base = rvaOfVa(image, place.address);
        return (
          base ??
          this.#beyond(`the image starts at 0x${image.base.toString(16)}; VA`, place.address)
        );
      }
      case 'off': {
        const at = numbered(place.address - BigInt(sliceOffset));
        const rva = at === undefined ? undefined : rvaOf(image, at);
        return rva ?? this.#beyond('no loaded part of the file holds offset', place.address);
      }
      case 'sec': {
        const section = image.sections.find(
          ({ name }) => name === place.name || name.endsWith(`,${place.name}`),
        );
        if (section === undefined) {
          return unnamed(
            `section ${place.name}`,
            image.sections.map(({ name }) => name),
          );
        }
        if (place.offset < BigInt(section.size)) return section.rva + Number(place.offset);
        const says = `section ${section.name} has 0x${section.size.toString(16)} bytes`;
        return { state: 'outside', says, near: this.#near(section.rva + section.size) };
      }
      case 'sym': {
        const rva = symbolNamed(image, place.name);
        if (rva === undefined) return unnamed(`symbol ${place.name}`, symbolNames(image));
        return numbered(BigInt(rva) + (place.offset ?? 0n)) ?? this.#beyond('RVA', place.offset!);
      }
      default:
        return undefined;
    }
  }

  #beyond(what: string, address: bigint): FoundPlace {
    const says = `${what} 0x${address.toString(16)} is not in the module`;
    return { state: 'outside', says, near: this.#near(numbered(address) ?? 0) };
  }

  #within(rva: number): { within?: { start: number; end: number } } {
    const functions = this.#known();
    const index = functionAt(functions, rva);
    if (index < 0) return {};
    return { within: { start: functions.start[index]!, end: functions.end[index]! } };
  }

  /** Functions around an address, the nearest first. */
  #near(rva: number): readonly string[] {
    const functions = this.#known();
    const middle = Math.max(0, indexAt(functions, rva));
    const around: number[] = [];
    for (let index = middle - NEAR; index <= middle + NEAR; index++) {
      if (index >= 0 && index < functions.count) around.push(index);
    }
    return around
      .sort((a, b) => Math.abs(functions.start[a]! - rva) - Math.abs(functions.start[b]! - rva))
      .slice(0, NEAR)
      .map((index) => {
        const symbol = functions.symbol[index]!;
        const name = symbol < 0 ? undefined : nameAt(this.#slice.image, symbol);
        const place = `@rva:0x${functions.start[index]!.toString(16)}`;
        return `function ${name ?? '(without name)'} ${place}`;
      });
  }

  #known(): Functions {
    this.#code ??= sweepCode(this.#slice.image);
    return this.#code.functions;
  }
}

/** Addresses above 2^53 are in no file. */
function numbered(address: bigint): number | undefined {
  return address >= 0n && address <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(address) : undefined;
}

export function unnamed(what: string, names: readonly string[]): FoundPlace {
  return { state: 'no-name', says: `there is no ${what}`, names };
}

function symbolNamed(image: NativeImage, name: string): number | undefined {
  for (let index = 0; index < image.symbols.count; index++) {
    const own = nameAt(image, index);
    if (own === name || own === `_${name}`) return image.symbols.rva[index];
  }
  return undefined;
}

function symbolNames(image: NativeImage): readonly string[] {
  const names = new Set<string>();
  for (let index = 0; index < image.symbols.count && names.size < MAX_NAMES; index++) {
    const name = nameAt(image, index);
    if (name !== undefined && name !== '') names.add(name);
  }
  return [...names];
}

/** Undefined for a name that does not end. */
function nameAt({ symbols }: NativeImage, index: number): string | undefined {
  try {
    return symbols.nameOf(index);
  } catch {
    return undefined;
  }
}
