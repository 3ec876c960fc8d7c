import type { Place } from '@avow/locator';
import { lineAt } from './file-line.ts';
import { LINE_TOLD, lineTold } from './line-words.ts';

/** What one tool, or one way of speaking, has for a place that stands apart from its file. */
export interface Form {
  /** Who writes so. */
  readonly by: string;
  readonly form: RegExp;
  /** Files that can have such a place. */
  readonly in: RegExp;
  /** The file itself stands in the form, as its first group. */
  readonly hasFile?: true;
  /** Of several such lines the first is meant: they are a listing. */
  readonly isListing?: true;
  readonly place: (groups: readonly string[]) => Place | undefined;
}

const NATIVE = /\.(?:so(?:\.\d+)*|dll|exe|sys|dylib|ko|node)$/i;
/** Images that say themselves where they are loaded: of others a tool's addresses have a base of its own. */
const WITH_BASE = /\.(?:exe|dll|sys)$/i;
const MANAGED = /\.(?:dll|exe)$/i;
const WASM = /\.wasm$/i;
const TEXT = /\.(?!so\b|dll$|exe$|sys$|dylib$|ko$|node$|wasm$)[a-z]\w{0,7}$/i;

const HEX = '(?:0x)?([0-9a-f]{1,16})';
const NAME = '([A-Za-z_~.@$?][\\w:~.@$]{0,199})';

function at(kind: 'rva' | 'va' | 'off', hex: string): Place {
  return { kind, address: BigInt(`0x${hex}`) };
}

function symbol(name: string, offset = 0n): Place {
  return { kind: 'sym', name, ...(offset === 0n ? {} : { offset }) };
}

type More = Pick<Form, 'hasFile' | 'isListing'>;
const of = (
  by: string,
  fits: RegExp,
  form: string,
  place: Form['place'],
  more: More = {},
): Form => ({
  by,
  in: fits,
  form: new RegExp(form, 'iu'),
  place,
  ...more,
});

/** Of a line the first form that fits is taken: the more exact ones of a tool stand before the others. */
export const FORMS: readonly Form[] = [
  of(
    'gdb and lldb, an instruction; their offsets are decimal',
    NATIVE,
    `^(?:[=-]>)?\\s{0,8}0x[0-9a-f]{4,16} <${NAME}\\+(\\d{1,9})>:`,
    ([name, offset]) => symbol(name!, BigInt(offset!)),
  ),
  of('gdb, info symbol', NATIVE, `^${NAME} \\+ (\\d{1,9}) in section `, ([name, offset]) =>
    symbol(name!, BigInt(offset!)),
  ),
  of(
    'lldb, an address as the file has it',
    NATIVE,
    `(?<![^\\s[\\]])([^\\s[\\]]{1,200})\\[${HEX}\\]`,
    ([, address]) => at('va', address!),
    { hasFile: true },
  ),
  of(
    'x64dbg: RVA, then file offset',
    NATIVE,
    `(?<![^\\s:])([^\\s:]{1,200}):\\$${HEX}(?: #|$|\\s)`,
    ([, address]) => at('rva', address!),
    { hasFile: true },
  ),
  of('IDA, a line', NATIVE, `^\\.?\\w{1,40}:([0-9a-f]{8,16})\\b`, ([address]) =>
    at('va', address!),
  ),
  of('IDA, a name', NATIVE, `\\b(?:sub|loc|locret)_([0-9a-f]{4,16})\\b`, ([address]) =>
    at('va', address!),
  ),
  of('Ghidra, a name', WITH_BASE, `\\b(?:FUN|LAB)_([0-9a-f]{8,16})\\b`, ([address]) =>
    at('va', address!),
  ),
  of('objdump, a function', NATIVE, `^[0-9a-f]{8,16} <${NAME}>:$`, ([name]) => symbol(name!)),
  of('objdump, an instruction', NATIVE, `^\\s{0,8}([0-9a-f]{1,16}):\\s(?:[0-9a-f]{2} )+`, ([va]) =>
    at('va', va!),
  ),
  of('Ghidra, a line', WITH_BASE, `^\\s{0,20}([0-9a-f]{8,16}) (?:[0-9a-f]{2} )+ *\\w`, ([va]) =>
    at('va', va!),
  ),
  of(
    'radare2, in a function',
    NATIVE,
    `@ ?(?:sym|flag)\\.${NAME}\\+0x([0-9a-f]{1,16})`,
    ([name, offset]) => symbol(name!, BigInt(`0x${offset}`)),
  ),
  of('radare2, a function', NATIVE, `@ ?sym\\.${NAME}$`, ([name]) => symbol(name!)),
  of('radare2, an address', NATIVE, `\\bfcn\\.([0-9a-f]{8,16})\\b`, ([va]) => at('va', va!)),
  of('radare2, an address', NATIVE, `^\\[${HEX}\\]> (?:s|p\\w+(?: \\d+)? @) ${HEX}$`, ([, va]) =>
    at('va', va!),
  ),
  of('nm', NATIVE, `\\b[0-9a-f]{8,16} [TtWw] ${NAME}$`, ([name]) => symbol(name!)),
  of('readelf', NATIVE, ` FUNC +\\w+ +\\w+ +\\w+ ${NAME}$`, ([name]) => symbol(name!)),
  of(
    'bpftrace',
    NATIVE,
    `\\bu(?:ret)?probe:([^\\s:]{1,200}):${NAME}`,
    ([, name]) => symbol(name!),
    { hasFile: true },
  ),
  of('addr2line', NATIVE, `\\baddr2line\\b.{0,300} ${HEX}$`, ([va]) => at('va', va!)),
  of('valgrind', NATIVE, `\\b(?:by|at) 0x[0-9a-f]{4,16}: ${NAME} \\(in `, ([name]) =>
    symbol(name!),
  ),
  of('a stack entry', NATIVE, `(?:^|\\s)([\\w~.@$]{1,200})\\+0x([0-9a-f]{1,8})(?![\\w])`, (parts) =>
    symbol(parts[0]!, BigInt(`0x${parts[1]}`)),
  ),
  of(
    '.NET, a method',
    MANAGED,
    `\\btoken:? ?(0x06[0-9a-f]{6})(?:.{0,40}?IL_([0-9a-f]{4,8}))?`,
    (il) => ({
      kind: 'il',
      token: Number(il[0]),
      ...(il[1] === undefined ? {} : { offset: BigInt(`0x${il[1]}`) }),
    }),
  ),
  of(
    'WebAssembly, a function',
    WASM,
    `\\b(?:wasm-)?func(?:tion)?\\[(\\d{1,7})\\](?::0x([0-9a-f]{1,8}))?`,
    ([index, pc]) => ({
      kind: 'wasm',
      func: Number(index),
      ...(pc === undefined ? {} : { offset: BigInt(`0x${pc}`) }),
    }),
  ),
  // In words
  of('words', NATIVE, `(?<![\\p{L}])rva["']?\\s?[:=]?\\s?["']?0x([0-9a-f]{1,16})`, ([rva]) =>
    at('rva', rva!),
  ),
  of(
    'words',
    NATIVE,
    `(?<![\\p{L}])(?:offset|смещени\\p{L}+) 0x([0-9a-f]{1,16}),? (?:from|от) (?:\\p{L}+ )?(?:base|баз\\p{L}+)`,
    ([rva]) => at('rva', rva!),
  ),
  of(
    'words',
    NATIVE,
    `(?<![\\p{L}])(?:va|virtual address|виртуальн\\p{L}+ адрес\\p{L}*|virtuelle adresse)["']?\\s?[:=]?\\s?["']?0x([0-9a-f]{1,16})`,
    ([va]) => at('va', va!),
  ),
  of(
    'words',
    NATIVE,
    `(?<![\\p{L}])(?:file offset|offset in (?:the )?file|смещени\\p{L}+ в файле)["']?\\s?[:=]?\\s?["']?0x([0-9a-f]{1,16})`,
    ([offset]) => at('off', offset!),
  ),
  of(
    'words',
    NATIVE,
    `(?<![\\p{L}])(?:function|symbol|функци\\p{L}+|символ\\p{L}*|funktion|fonction)\\s${NAME}(?: ?\\+ ?0x([0-9a-f]{1,8}))?`,
    ([name, offset]) => symbol(name!, offset === undefined ? 0n : BigInt(`0x${offset}`)),
  ),
  of('linters', TEXT, `^\\s{1,8}(\\d{1,9}):(\\d{1,9})\\s{2,}\\S`, ([row, column]) =>
    lineAt(row, column),
  ),
  // `line 42: a.sh: not found` is the line of whoever ran it.
  of('words', TEXT, `^(?!line \\d{1,9}: \\S{1,200}:).*?${LINE_TOLD}`, lineTold),
  of('listings', TEXT, `^\\s{0,20}[>→❯]?\\s{0,4}(\\d{1,9}) ?[┆│|]`, ([row]) => lineAt(row), {
    isListing: true,
  }),
];
