import type { Place } from '../locator.ts';
import { type Found, question } from './reading.ts';

/** How a number was written; `unmarked` has neither `0x`, `h` nor a hex letter. */
export interface LooseNumber {
  readonly hex: bigint | undefined;
  readonly decimal: bigint | undefined;
}

const PREFIXED = /^0x([0-9a-f]{1,16})$/i;
const SUFFIXED = /^([0-9a-f]{1,16})h$/i;
const WINDBG = /^(?:0x)?([0-9a-f]{1,8})`([0-9a-f]{8})$/i;
const UNMARKED = /^[0-9a-f]{1,16}$/i;

/** Reads `0x1A2F0`, `1A2F0h`, `` fffff800`12345678 ``, `1A2F0`, `107248`. */
export function readNumber(text: string): LooseNumber | undefined {
  const windbg = WINDBG.exec(text);
  const hex = PREFIXED.exec(text)?.[1] ?? SUFFIXED.exec(text)?.[1] ?? windbg?.slice(1).join('');
  if (hex !== undefined) return { hex: BigInt(`0x${hex}`), decimal: undefined };
  if (!UNMARKED.test(text)) return undefined;
  const decimal = /^[0-9]+$/.test(text) ? BigInt(text) : undefined;
  return { hex: BigInt(`0x${text}`), decimal };
}

/** Every value the number may have, hex first. */
export function valuesOf({ hex, decimal }: LooseNumber): readonly bigint[] {
  return [hex, decimal].filter(
    (value, index, all) => value !== undefined && all.indexOf(value) === index,
  ) as bigint[];
}

/**
 * Looks like a place in a running process: user mappings of 64-bit Linux,
 * macOS and Windows, and the kernel's half.
 */
export function isRunTime(address: bigint): boolean {
  return (
    (address >= 0x5500_0000_0000n && address < 0x8000_0000_0000n) ||
    address >= 0xffff_0000_0000_0000n
  );
}

/** A bare address: every way to count, every way to write; a known load address settles one of them. */
export function readBareAddress(text: string, base: bigint | undefined): Found[] | undefined {
  const number = readNumber(text);
  if (number === undefined) return undefined;
  const values = valuesOf(number);
  const radix = values.length > 1 ? [question('radix', ['hexadecimal', 'decimal'])] : [];
  return values.flatMap((address) => {
    if (base !== undefined && address >= base) {
      return [found('address-base', 'rva', address - base, radix)];
    }
    if (isRunTime(address)) {
      return [found('address-run-time', 'va', address, [...radix, question('module-base')])];
    }
    const kinds = question('address-kind', ['rva', 'va', 'off']);
    return (['rva', 'va', 'off'] as const).map((kind) =>
      found('address', kind, address, [...radix, kinds]),
    );
  });
}

function found(
  form: string,
  kind: 'rva' | 'va' | 'off',
  address: bigint,
  questions: Found['questions'],
): Found {
  const place: Place = { kind, address };
  return { form, place, ...(questions === undefined ? {} : { questions }) };
}
