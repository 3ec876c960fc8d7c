import { peOf } from '../../native/testdata/pe.ts';
import { Writer } from '../../native/testdata/bytes.ts';

/** RVAs in the `.text` of the written assembly; its file offsets are 0xe00 lower. */
const AT = { body: 0x1040, fat: 0x1060, header: 0x1080, metadata: 0x1100 } as const;
const LOWER = 0xe00;

/** Offsets in the file of the first instructions of the two methods. */
export const CIL = { send: AT.body - LOWER + 1, collect: AT.fat - LOWER + 12 } as const;

/** A .NET assembly with two methods: `Send`, 3 bytes under a tiny header, and `Collect`, 5 under a fat one. */
export function assemblyOf(signature = 'BSJB'): Uint8Array<ArrayBuffer> {
  const file = new Writer(0x800);
  file.put(0, peOf());
  file.u32(0x58 + 112 + 8 * 14, AT.header, 72);
  file.u32(AT.header - LOWER, 72, 0x00050002, AT.metadata, 0xc0);
  file.put(AT.body - LOWER, [(3 << 2) | 2, 0x00, 0x00, 0x2a]);
  file.u16(AT.fat - LOWER, 0x3003, 8).u32(AT.fat - LOWER + 4, 5, 0);
  file.put(AT.fat - LOWER + 12, [0x00, 0x00, 0x00, 0x00, 0x2a]);
  const root = AT.metadata - LOWER;
  file.text(root, signature).u16(root + 4, 1, 1).u32(root + 12, 4).text(root + 16, 'v4');
  file.u16(root + 22, 2);
  file.u32(root + 24, 56, 88).text(root + 32, '#~');
  file.u32(root + 36, 144, 16).text(root + 44, '#Strings');
  const tables = root + 56;
  file.u8(tables + 4, 2).u64(tables + 8, (1n << 0n) | (1n << 6n)).u32(tables + 24, 1, 3);
  const rows = tables + 32 + 10;
  // The third is abstract: it has no body.
  [AT.body, AT.fat, 0].forEach((rva, index) => {
    file.u32(rows + 14 * index, rva).u16(rows + 14 * index + 8, [1, 6, 1][index]!);
  });
  file.text(root + 145, 'Send\0Collect');
  return file.bytes;
}
