import { Cursor, Refused } from '@avow/bytes';
import { type NativeImage, offsetOf, readNative } from '../native/index.ts';
import { CilNames } from './assembly.ts';
import { type MethodRow, metadataStreams, methodRows } from './metadata.ts';

/** A method of a .NET assembly with a body in the file. */
export interface CilMethod {
  /** `0x0600002a`: table and row, as debuggers print it. */
  readonly token: number;
  readonly name: string;
  /** Offset in the file of the first instruction: IL offset 0. */
  readonly codeAt: number;
  /** Bytes of instructions. */
  readonly codeSize: number;
}

export { CilNames, type CilTarget } from './assembly.ts';
export { type CilVisitor, walkCil } from './code.ts';

/** A .NET assembly: its methods, and the names that its code goes by. */
export interface CilAssembly {
  readonly methods: ReadonlyMap<number, CilMethod>;
  readonly names: CilNames;
  /** Whether it holds no machine code but the loader's (COMIMAGE_FLAGS_ILONLY, II.25.3.3.1). */
  readonly isPure: boolean;
}

/** The same as `readCil` with names; refuses as it does. */
export function readAssembly(bytes: Uint8Array): CilAssembly | undefined {
  const header = cliHeader(bytes);
  if (header === undefined) return undefined;
  const image = readNative(bytes, 'pe')[0]!.image;
  const file = new Cursor(bytes, 'pe');
  const at = fileOffset(image, header);
  const metadata = file.piece(fileOffset(image, file.u32(at + 8)), file.u32(at + 12));
  return {
    methods: readCil(bytes)!,
    names: new CilNames(metadataStreams(metadata)),
    isPure: (file.u32(at + 16) & 1) === 1,
  };
}

/** Entry of the data directories that leads to the CLI header (ECMA-335, II.25.2.3.3). */
const CLI_HEADER = 14;

/**
 * Methods of a PE file that holds CIL, by token; undefined for one that holds
 * none. Only where code is, not what it does. Refuses `pe.cil` and as the
 * reader of PE files does.
 */
export function readCil(bytes: Uint8Array): ReadonlyMap<number, CilMethod> | undefined {
  const header = cliHeader(bytes);
  if (header === undefined) return undefined;
  const image = readNative(bytes, 'pe')[0]!.image;
  const file = new Cursor(bytes, 'pe');
  const at = fileOffset(image, header);
  const metadata = fileOffset(image, file.u32(at + 8));
  const rows = methodRows(file.piece(metadata, file.u32(at + 12)));
  const methods = new Map<number, CilMethod>();
  for (const [index, row] of rows.entries()) {
    const body = row.rva === 0 ? undefined : bodyOf(file, image, row);
    if (body !== undefined) methods.set(0x06000001 + index, { token: 0x06000001 + index, ...body });
  }
  return methods;
}

/** RVA of the CLI header; undefined where the directory has none. */
function cliHeader(bytes: Uint8Array): number | undefined {
  const file = new Cursor(bytes, 'pe');
  const optional = file.u32(0x3c) + 24;
  const directories = optional + (file.u16(optional) === 0x20b ? 112 : 96);
  if (file.u32(directories - 4) <= CLI_HEADER) return undefined;
  const rva = file.u32(directories + 8 * CLI_HEADER);
  return rva === 0 ? undefined : rva;
}

/** Tiny and fat headers of a method's body (II.25.4); undefined for a body that is machine code. */
function bodyOf(
  file: Cursor,
  image: NativeImage,
  { rva, name }: MethodRow,
): Omit<CilMethod, 'token'> | undefined {
  const at = offsetOf(image, rva);
  if (at === undefined) return undefined;
  const first = file.u8(at);
  if ((first & 3) === 2) return { name, codeAt: at + 1, codeSize: first >> 2 };
  if ((first & 3) !== 3) return undefined;
  const header = 4 * (file.u16(at) >> 12);
  const codeSize = file.u32(at + 4);
  file.need(at + header, codeSize);
  return { name, codeAt: at + header, codeSize };
}

function fileOffset(image: NativeImage, rva: number): number {
  const at = offsetOf(image, rva);
  if (at === undefined) {
    throw new Refused('pe.cil', undefined, `nothing is mapped at RVA 0x${rva.toString(16)}`);
  }
  return at;
}
