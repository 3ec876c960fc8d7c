import { isRunTime, readNumber, valuesOf } from './address.ts';
import { type Found, type Known, question } from './reading.ts';

/**
 * Places in native code as debuggers, crash reports and kernels print them.
 * Patterns are anchored and each part excludes what ends it, so that a line
 * is read once.
 */
const ANDROID =
  /^#\d+\s+pc\s+([0-9a-f]{1,16})\s+(\S+)(?:\s+\(offset 0x[0-9a-f]+\))?(?:\s+\(([^()]*)\))?(?:\s+\(BuildId:\s*([0-9a-f]+)\))?$/i;
const APPLE = /^\d+\s+(\S+)\s+(0x[0-9a-f]{1,16})\s+(0x[0-9a-f]{1,16})\s+\+\s+(\d+|0x[0-9a-f]+)$/i;
const APPLE_SYMBOL = /^\d+\s+(\S+)\s+(0x[0-9a-f]{1,16})\s+(\S+)\s+\+\s+(\d+)$/i;
const GDB = /^#\d+\s+(0x[0-9a-f]{1,16})\s+in\s+(\S+)\s*\([^()]*\)(?:\s+from\s+(\S+))?$/i;
const GLIBC = /^([^\s()]+)\(([^\s()+]*)\+(0x[0-9a-f]{1,16})\)(?:\s?\[(0x[0-9a-f]{1,16})\])?$/i;
const KERNEL = /\bin\s+(\S+?)\[(?:([0-9a-f]+),)?([0-9a-f]+)\+([0-9a-f]+)\]/i;
const KERNEL_IP = /\bip\s+(?:0x)?([0-9a-f]{1,16})\b/i;
const OOPS = /^(?:\?\s+)?([\w.$]+)\+(0x[0-9a-f]{1,16})\/0x[0-9a-f]+(?:\s+\[([\w-]+)\])?$/i;
const WINDBG_SYMBOL = /^([\w.-]+)!([^\s+]+)(?:\+(0x[0-9a-f]{1,16}|[0-9a-f]{1,8}h?))?$/i;
const MODULE_OFFSET = /^"?([^\s"+]*[^\s"+/\\])"?\s?\+\s?(\S{1,20})$/;
const PATH_OFFSET = /^"?((?:[A-Za-z]:|\.{0,2})[\\/][^"+]*[^"+/\\\s])"?\s?\+\s?(\S{1,20})$/;

export function readNative(line: string, known: Known): Found[] | undefined {
  return (
    readAndroid(line) ??
    readApple(line) ??
    readGdb(line, known) ??
    readGlibc(line) ??
    readKernel(line) ??
    readOops(line) ??
    readWindbg(line) ??
    readModuleOffset(line)
  );
}

function readAndroid(line: string): Found[] | undefined {
  const match = ANDROID.exec(line);
  if (match === null) return undefined;
  const id = match[4]?.toLowerCase();
  return [
    {
      form: 'android-tombstone',
      module: match[2]!,
      place: { kind: 'rva', address: BigInt(`0x${match[1]}`) },
      ...(id === undefined ? {} : { guards: [{ kind: 'id', id }] }),
    },
  ];
}

function readApple(line: string): Found[] | undefined {
  const plain = APPLE.exec(line);
  if (plain !== null) {
    const [address, base] = [BigInt(plain[2]!), BigInt(plain[3]!)];
    if (address < base) return undefined;
    return [
      { form: 'apple-crash', module: plain[1]!, place: { kind: 'rva', address: address - base } },
    ];
  }
  const symbol = APPLE_SYMBOL.exec(line);
  if (symbol === null) return undefined;
  const offset = BigInt(symbol[4]!);
  return [
    { form: 'apple-crash', module: symbol[1]!, place: { kind: 'sym', name: symbol[3]!, offset } },
  ];
}

function readGdb(line: string, known: Known): Found[] | undefined {
  const match = GDB.exec(line);
  if (match === null) return undefined;
  const module = match[3] === undefined ? {} : { module: match[3] };
  const address = BigInt(match[1]!);
  if (known.base !== undefined && address >= known.base) {
    return [
      { form: 'gdb-frame', ...module, place: { kind: 'rva', address: address - known.base } },
    ];
  }
  const questions = isRunTime(address) ? [question('module-base')] : [];
  return [{ form: 'gdb-frame', ...module, place: { kind: 'va', address }, questions }];
}

function readGlibc(line: string): Found[] | undefined {
  const match = GLIBC.exec(line);
  if (match === null) return undefined;
  const [, module, name, offset] = match as unknown as [string, string, string, string];
  const place =
    name === ''
      ? ({ kind: 'rva', address: BigInt(offset) } as const)
      : ({ kind: 'sym', name, offset: BigInt(offset) } as const);
  return [{ form: 'glibc-backtrace', module, place }];
}

/**
 * `scan[12]: segfault at 0 ip 00007f… sp … error 4 in libscan.so[1a2f0,7f…+1000]`.
 *
 * Newer kernels print the file offset before the mapping's start (mm/memory.c,
 * print_vma_addr). Older ones do not, and the start is that of one segment, not
 * of the module, so the module's base is asked for.
 */
function readKernel(line: string): Found[] | undefined {
  const where = KERNEL.exec(line);
  const ip = KERNEL_IP.exec(line);
  if (where === null || ip === null) return undefined;
  const module = where[1]!;
  if (where[2] !== undefined) {
    const address = BigInt(`0x${where[2]}`);
    return [{ form: 'kernel-segfault', module, place: { kind: 'off', address } }];
  }
  const address = BigInt(`0x${ip[1]}`);
  const questions = [question('module-base')];
  return [{ form: 'kernel-segfault', module, place: { kind: 'va', address }, questions }];
}

function readOops(line: string): Found[] | undefined {
  const match = OOPS.exec(line);
  if (match === null) return undefined;
  const place = { kind: 'sym', name: match[1]!, offset: BigInt(match[2]!) } as const;
  return [
    { form: 'kernel-oops', place, ...(match[3] === undefined ? {} : { module: `${match[3]}.ko` }) },
  ];
}

/** `klif!Scan+0x20`: the debugger's name of a module has no extension. */
function readWindbg(line: string): Found[] | undefined {
  const match = WINDBG_SYMBOL.exec(line);
  // A path, or an address of the running process: no name of a function.
  if (match === null || /^(?:\/|0x)/.test(match[2]!)) return undefined;
  const number = match[3] === undefined ? undefined : readNumber(match[3]);
  const offset = number?.hex === undefined ? {} : { offset: number.hex };
  return [
    {
      form: 'windbg-symbol',
      module: match[1]!,
      place: { kind: 'sym', name: match[2]!.replace(/:$/, ''), ...offset },
      questions: [question('windows-name')],
    },
  ];
}

/** `libscan.so+0x1A2F0`, `avp.exe+1A2F0h`, `C:\Program Files\x.dll + 0x10`; a file may bear that very name. */
function readModuleOffset(line: string): Found[] | undefined {
  const match = PATH_OFFSET.exec(line) ?? MODULE_OFFSET.exec(line);
  const number = match === null ? undefined : readNumber(match[2]!);
  if (match === null || number === undefined) return undefined;
  const values = valuesOf(number);
  const questions = [
    ...(values.length > 1 ? [question('radix', ['hexadecimal', 'decimal'])] : []),
    question('name-or-offset', [line, match[1]!]),
  ];
  const module = match[1]!;
  if (module.startsWith('.') && !/[/\\]/.test(module)) {
    return values.map((offset) => ({
      form: 'section+offset',
      place: { kind: 'sec', name: module, offset },
      questions,
    }));
  }
  return [
    ...values.map(
      (address): Found => ({
        form: 'module+offset',
        module,
        place: { kind: 'rva', address },
        questions,
      }),
    ),
    { form: 'file-name', module: line, questions },
  ];
}
