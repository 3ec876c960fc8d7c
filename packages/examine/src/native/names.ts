import type { CilTarget } from '@avow/formats/cil';
import type { NativeImage } from '@avow/formats/native';
import { rustName } from './rust-names.ts';
import { swiftName } from './swift-names.ts';

/**
 * Symbols by which rules name what native code uses:
 *
 * - `c:getenv` an import of a C library, spellings folded (`fopen64`,
 *   `__open_2`, `__read_chk`, `_wfopen`, `_open$NOCANCEL`);
 * - `lib:SSL_write` the same, or a function of that name linked in;
 * - `win:createfile` an import of a Windows library, in lower case, without
 *   the A or W of its text arguments, `Zw` written `Nt`;
 * - `mac:CGWindowListCreateImage` an import of a framework;
 * - `objc:NSPasteboard` an Objective-C class, `sel:stringForType:` a message;
 * - `swift:Foundation.Data.write.to.options` a function of Swift;
 * - `rust:std.fs.read` one of Rust's standard library, linked in or imported;
 * - `net:System.Diagnostics.Process.Start` a method of .NET;
 * - `napi:create_function`, `wasi:path_open`, `sys:linux.connect`, `go:net.Dial`.
 */
export function symbolsOfImport(
  format: NativeImage['format'],
  name: string,
  library: string | undefined,
): readonly string[] {
  switch (format) {
    case 'elf':
      return elfSymbols(name);
    case 'pe':
      return windowsSymbols(name, library ?? '');
    case 'macho':
      return appleSymbols(name);
    default:
      return format satisfies never;
  }
}

/**
 * Of a method that CIL calls: `net:System.Diagnostics.Process.Start`, with `new`
 * for constructors; of an import of machine code as that goes.
 */
export function symbolsOfCil({
  type,
  name,
  from,
  isNative,
}: Pick<CilTarget, 'type' | 'name' | 'from' | 'isNative'>): readonly string[] {
  if (!isNative) return [`net:${type}.${name === '.ctor' ? 'new' : name}`];
  const library = from ?? '';
  if (/^lib|\.so(?:\.|$)/.test(library)) return elfSymbols(name);
  return windowsSymbols(name, library.includes('.') ? library : `${library}.dll`);
}

/** Of a function in the module itself, by its name as symbols write it. */
export function symbolsOfOwn(format: NativeImage['format'], name: string): readonly string[] {
  const bare = format === 'macho' && name.startsWith('_') ? name.slice(1) : name;
  const rust = rustName(bare);
  if (rust !== undefined) return [`rust:${rust}`];
  if (/[./]/.test(bare)) return [`go:${bare}`];
  return [`lib:${bare}`];
}

function elfSymbols(name: string): readonly string[] {
  const napi = napiSymbol(name);
  if (napi !== undefined) return [napi];
  const rust = rustName(name);
  if (rust !== undefined) return [`rust:${rust}`];
  const folded = foldedName(name);
  return folded === name
    ? [`c:${name}`, `lib:${name}`]
    : [`c:${folded}`, `c:${name}`, `lib:${name}`];
}

/** `node_api_` and `napi_` are one interface. */
function napiSymbol(name: string): string | undefined {
  const rest = /^(?:napi|node_api)_(\w+)$/.exec(name)?.[1];
  return rest === undefined ? undefined : `napi:${rest}`;
}

/** One name for the spellings of a function: large files, checked buffers, old versions. */
export function foldedName(name: string): string {
  const checked = /^__(\w+)_chk$/.exec(name)?.[1] ?? name;
  const opened = /^__(open|openat)(?:64)?_2$/.exec(checked)?.[1] ?? checked;
  const plain = /^__(?:isoc\d\d_|libc_|GI_)(\w+)$/.exec(opened)?.[1] ?? opened;
  return /^(?:f?open|f?stat|lstat|openat|creat|freopen|readdir|scandir|ftw|nftw|glob|sendfile|mmap|mkstemp|tmpfile)64$/.test(
    plain,
  )
    ? plain.slice(0, -2)
    : plain;
}

/** Winsock's functions that programs import by number. */
const WINSOCK: Readonly<Record<string, string>> = {
  '#1': 'accept',
  '#2': 'bind',
  '#4': 'connect',
  '#13': 'listen',
  '#16': 'recv',
  '#17': 'recvfrom',
  '#19': 'send',
  '#20': 'sendto',
  '#23': 'socket',
  '#51': 'gethostbyaddr',
  '#52': 'gethostbyname',
  '#57': 'gethostname',
};

const C_LIBRARY = /^(?:msvcr|msvcrt|ucrt|api-ms-win-crt-|crtdll|cygwin|msys-)/;

function windowsSymbols(name: string, library: string): readonly string[] {
  const napi = napiSymbol(name);
  if (napi !== undefined) return [napi];
  if (C_LIBRARY.test(library)) {
    const bare = name.replace(/^_{1,2}/, '');
    const narrow = bare.startsWith('w') ? [`c:${bare.slice(1)}`] : [];
    return [`c:${bare}`, ...narrow, `lib:${name}`];
  }
  const isWinsock = library.startsWith('ws2_32') || library.startsWith('wsock32');
  const known = isWinsock ? (WINSOCK[name] ?? name) : name;
  return [`win:${windowsName(known)}`, `lib:${name}`];
}

export function windowsName(name: string): string {
  const native = name.startsWith('Zw') ? `Nt${name.slice(2)}` : name;
  return native.replace(/(?<=[a-z0-9])[AW]$/, '').toLowerCase();
}

function appleSymbols(name: string): readonly string[] {
  const objectiveC = /^_OBJC_(?:CLASS|METACLASS)_\$_(\w+)$/.exec(name)?.[1];
  if (objectiveC !== undefined) return [`objc:${objectiveC}`];
  const swift = swiftName(name);
  if (swift !== undefined) return [`swift:${swift}`];
  const bare = (name.startsWith('_') ? name.slice(1) : name).replace(/\$.*$/, '');
  const napi = napiSymbol(bare);
  if (napi !== undefined) return [napi];
  const folded = foldedName(bare);
  return [`mac:${bare}`, `c:${folded}`, `lib:${bare}`];
}
