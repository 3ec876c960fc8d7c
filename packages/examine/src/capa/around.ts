import { type NativeImage, rvaOfVa, sweepCode } from '@avow/formats/native';
import { hexAddress } from '../native/address.ts';
import { CodeDecoder } from './code/decoder.ts';
import { ImageMemory } from './code/memory.ts';
import { walkFunctions } from './code/program.ts';
import { withEntryAsCode } from './code/ranges.ts';

/**
 * The functions that hold each virtual address, by their starts. Branches may
 * bring two functions to the same code, so there may be several, or none. A
 * stub stands for the function that it leads to.
 */
export function functionsAround(
  given: NativeImage,
  addresses: readonly bigint[],
): ReadonlyMap<bigint, readonly string[]> {
  const image = withEntryAsCode(given);
  const found = new Map<bigint, string[]>(addresses.map((address) => [address, []]));
  const rvas = addresses.map((address) => ({ address, rva: rvaOfVa(image, address) ?? -1 }));
  const decoder = new CodeDecoder(image);
  try {
    const memory = new ImageMemory(image);
    walkFunctions(image, sweepCode(image), decoder, memory, ({ start, blocks, leadsTo }) => {
      for (const { address, rva } of rvas) {
        const isInside = blocks.some((block) => rva >= block.start && rva < block.end);
        if (isInside) found.get(address)!.push(hexAddress(image, leadsTo ?? start));
      }
    });
  } finally {
    decoder.free();
  }
  return found;
}
