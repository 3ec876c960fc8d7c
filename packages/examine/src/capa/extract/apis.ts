import { type NativeImage, type NativeImport, SymbolFlag } from '@avow/formats/native';
import type { CodeDecoder } from '../code/decoder.ts';
import type { Instruction } from '../code/instruction.ts';
import type { AskedFeatures } from '../match/asked.ts';
import { ordinalName } from './ordinals.ts';

/** Jumps that are followed from a call to the import that it reaches. */
const MAX_JUMPS = 5;

/** Instructions of a function that does nothing but hand its arguments to an import. */
const MAX_WRAPPER = 16;

/**
 * Which API a call reaches: through a slot of the import table, through stubs
 * and jumps, through a short function that only calls it, through a register,
 * or a function of that name in the module itself, where symbols tell it.
 */
export class Apis {
  readonly #image: NativeImage;
  readonly #decoder: CodeDecoder;
  readonly #slots = new Map<number, number>();
  /** Of each import, the features that it is. */
  readonly #ofImport: readonly (readonly number[])[];
  /** By RVA of a function: the features that its symbols are. */
  readonly #ofOwn = new Map<number, number[]>();
  readonly #targets = new Map<number, number>();

  constructor(image: NativeImage, decoder: CodeDecoder, asked: AskedFeatures) {
    this.#image = image;
    this.#decoder = decoder;
    image.imports.forEach(({ slot }, index) => {
      if (slot !== undefined && !this.#slots.has(slot)) this.#slots.set(slot, index);
    });
    const idsOf = (names: readonly string[]): number[] =>
      names.map((name) => asked.named('api', name)).filter((id) => id >= 0);
    this.#ofImport = image.imports.map((one) => idsOf(namesOfImport(image.format, one)));
    // Names of a Windows module's own functions are those that it exports: no API.
    if (image.format === 'pe') return;
    const { symbols } = image;
    for (let index = 0; index < symbols.count; index += 1) {
      if ((symbols.flags[index]! & SymbolFlag.function) === 0) continue;
      const ids = idsOf(spellings(symbolName(image, index)));
      if (ids.length === 0) continue;
      const rva = symbols.rva[index]!;
      this.#ofOwn.set(rva, [...(this.#ofOwn.get(rva) ?? []), ...ids]);
    }
  }

  /** Number of the import whose pointer stands at an RVA; -1 for none. */
  slotAt(rva: number): number {
    return this.#slots.get(rva) ?? -1;
  }

  idsOfImport(index: number): readonly number[] {
    return this.#ofImport[index] ?? NONE;
  }

  /** Number of the import that a call or jump reaches, but through a register; -1 for none. */
  importOf({ operands, target }: Instruction): number {
    const [operand] = operands;
    if (operand?.kind === 'memory' && operand.address !== undefined) {
      return this.slotAt(operand.address);
    }
    return target === undefined ? -1 : this.#importBehind(target);
  }

  /** Features of the function of the module itself that stands at an RVA. */
  idsOfOwn(rva: number): readonly number[] {
    return this.#ofOwn.get(rva) ?? NONE;
  }

  #importBehind(target: number): number {
    let found = this.#targets.get(target);
    if (found === undefined) {
      found = this.#follow(target);
      this.#targets.set(target, found);
    }
    return found;
  }

  #follow(target: number): number {
    let at = target;
    for (let step = 0; step < MAX_JUMPS; step += 1) {
      let instruction = this.#decoder.at(at);
      if (instruction?.mnemonic.startsWith('endbr')) {
        instruction = this.#decoder.at(at + instruction.length);
      }
      if (instruction?.mnemonic !== 'jmp') return this.#wrappedAt(at);
      if (instruction.target === undefined) return this.slotAt(this.#slotOf(instruction));
      at = instruction.target;
    }
    return -1;
  }

  /** The import that a function in one short line calls, and nothing else; -1 for any other. */
  #wrappedAt(start: number): number {
    let found = -1;
    let at = start;
    for (let step = 0; step < MAX_WRAPPER; step += 1) {
      const instruction = this.#decoder.at(at);
      if (instruction === undefined) return -1;
      const { going, operands, length } = instruction;
      if (going === 'end') return instruction.mnemonic.startsWith('ret') ? found : -1;
      if (going === 'jump' || going === 'branch') return -1;
      if (going === 'call') {
        const [operand] = operands;
        const address = operand?.kind === 'memory' ? operand.address : undefined;
        if (found >= 0 || address === undefined) return -1;
        found = this.slotAt(address);
        if (found < 0) return -1;
      }
      at += length;
    }
    return -1;
  }

  /** RVA of the slot of `jmp [slot]`, in 32-bit position-independent code counted from ebx. */
  #slotOf({ operands: [operand] }: Instruction): number {
    if (operand?.kind !== 'memory') return -1;
    if (operand.address !== undefined) return operand.address;
    const { globalOffsets, bits } = this.#image;
    const isRelative = bits === 32 && operand.base === EBX && operand.index < 0;
    return isRelative && globalOffsets !== undefined
      ? globalOffsets + Number(operand.displacement)
      : -1;
  }
}

const EBX = 3;
const NONE: readonly number[] = [];

function symbolName(image: NativeImage, index: number): string {
  try {
    return bareName(image.format, image.symbols.nameOf(index));
  } catch {
    // A name that does not end names nothing; whoever reads symbols lists the table.
    return '';
  }
}

/** Without the version that ELF ties to it, and Apple's underscore. */
function bareName(format: NativeImage['format'], name: string): string {
  const bare = name.replace(/@.*$/, '');
  return format === 'macho' && bare.startsWith('_') ? bare.slice(1) : bare;
}

/** Linkers may put an underscore before the name of a routine. */
function spellings(name: string): string[] {
  if (name === '') return [];
  return name.startsWith('_') ? [name, name.slice(1)] : [name];
}

/** Names that an import goes by as an API: `CreateFileA`, `CreateFile`; an ordinal with its library. */
export function namesOfImport(
  format: NativeImage['format'],
  { name, library }: NativeImport,
): readonly string[] {
  if (format !== 'pe') return [bareName(format, name)];
  const of = libraryName(library);
  if (!name.startsWith('#')) return withoutSuffix(name);
  const known = ordinalName(of, name);
  return known === undefined ? [`${of}.${name}`] : [`${of}.${name}`, ...withoutSuffix(known)];
}

/** Names of an import as such, also with its library. */
export function fullNamesOfImport(
  format: NativeImage['format'],
  one: NativeImport,
): readonly string[] {
  const names = namesOfImport(format, one);
  const of = libraryName(one.library);
  if (of === '') return names;
  return names.flatMap((name) => (name.includes('.#') ? [name] : [name, `${of}.${name}`]));
}

export function libraryName(library: string | undefined): string {
  return (library ?? '').toLowerCase().replace(/\.(?:dll|drv|so)$/, '');
}

function withoutSuffix(name: string): readonly string[] {
  return /[AW]$/.test(name) && name.length > 1 ? [name, name.slice(0, -1)] : [name];
}
