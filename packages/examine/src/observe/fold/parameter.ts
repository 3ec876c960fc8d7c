import { BindingKind, children, declarationsOf, Kind, Role } from '@avow/formats/script';
import type { Script } from '../script.ts';

/** The argument that a parameter of `fn` takes, where `node` is one and `fn` is given `args`. */
export function givenIn(
  script: Script,
  fn: number,
  args: readonly number[],
  node: number,
): number | undefined {
  const index = paramIndex(script, script.bindingAt(node), fn);
  const arg = index < 0 ? undefined : args[index];
  if (arg === undefined) return undefined;
  const { tree } = script;
  return args.slice(0, index + 1).some((each) => tree.kind[each] === Kind.Spread) ? undefined : arg;
}

/** Which parameter of `fn` a binding is; -1 for another. */
function paramIndex({ tree, scopes }: Script, binding: number, fn: number): number {
  if (binding < 0 || scopes.bindingKind[binding] !== BindingKind.Param) return -1;
  const [declared] = declarationsOf(scopes, binding);
  if (declared === undefined || tree.role[declared] !== Role.Param) return -1;
  return tree.parent[declared] === fn ? children(tree, fn, Role.Param).indexOf(declared) : -1;
}
