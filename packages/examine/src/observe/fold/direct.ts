import { child, children, Kind, Role } from '@avow/formats/script';
import type { Folder } from './fold.ts';
import { givenIn } from './parameter.ts';
import { returnedBy } from './returned.ts';

/** Functions that only call on what they are given, within one another. */
const MAX_PROXIES = 6;

/** What a call comes to. */
export interface DirectCall {
  readonly callee: number;
  readonly args: readonly number[];
}

/**
 * What a call comes to where its function only calls what it is given:
 * `call(exec, "id")` of `function call(run, line) { return run(line); }` is
 * `exec("id")`. Obfuscators write every call so. Undefined for other calls.
 */
export function directCall(folder: Folder, call: number, fn: number): DirectCall | undefined {
  const { script } = folder;
  const { tree } = script;
  let outer: readonly number[] = children(tree, call, Role.Argument);
  let proxy = fn;
  for (let depth = 0; depth < MAX_PROXIES; depth += 1) {
    const inner = returnedBy(tree, proxy);
    if (inner < 0 || tree.kind[inner] !== Kind.Call) return undefined;
    const given = outer;
    const through = (node: number) => givenIn(script, proxy, given, node) ?? node;
    const callee = child(tree, inner, Role.Callee);
    const args = children(tree, inner, Role.Argument).map(through);
    const passed = through(callee);
    if (passed !== callee) return { callee: passed, args };
    const next = folder.functionAt(callee);
    if (next < 0) return undefined;
    outer = args;
    proxy = next;
  }
  return undefined;
}
