import type { Rules } from '@avow/examine';
import { matchUse, type NativeUse } from '@avow/examine/native';

/** The matches of a use written by hand. */
export type UseMatch = ReturnType<typeof matchUse>[number];

const USE =
  /^(elf|pe|macho|own|wasm|linux|il|sel) (?:([\w.-]+)[! ])?((?:[^!(]|\(\*\w+\))+)(?:\((.*)\))?$/su;

/**
 * A use as a case writes it: where, from which library, which name, with which
 * arguments, `…` for one that is not known.
 *
 *     elf open64("/etc/hosts", 0)
 *     pe kernel32.dll!CreateFileW("C:/x", 2147483648)
 *     wasm wasi_snapshot_preview1!path_open
 *     linux x86-64 59("/bin/sh")
 *     own net/http.(*Client).Do(…)
 *     sel stringForType:
 *     il System.Diagnostics.Process!Start("calc")
 */
export function readUse(code: string): NativeUse {
  const found = USE.exec(code);
  if (found === null) throw new Error(`${code} is no use of native code`);
  const [, of, from = '', name, given = ''] = found;
  return { of: of as NativeUse['of'], from, name: name!, arguments: readArguments(given) };
}

/** Texts in double quotes, with escapes for quotes and backslashes alone; numbers; `…`. */
function readArguments(text: string): (string | undefined)[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s,]+)/g)].map(([, quoted, bare]) => {
    if (quoted !== undefined) return quoted.replaceAll(/\\(["\\])/g, '$1');
    return bare === '…' ? undefined : bare;
  });
}

export function usesIn(code: string, rules: Rules): readonly UseMatch[] {
  return matchUse(readUse(code), rules);
}
