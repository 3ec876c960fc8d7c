import { child, children, Kind, Role, stringValue } from '@avow/formats/script';
import type { Follower } from './follower.ts';

/** What a factory gets that names no modules (AMD, "factory": https://github.com/amdjs/amdjs-api/wiki/AMD). */
const WITHOUT_LIST = ['require', 'exports', 'module'];

/** `define(id?, dependencies?, factory)`: the factory's parameters are the modules that are named. */
export function defineModule(follower: Follower, args: readonly number[]): void {
  const { script } = follower;
  const { tree } = script;
  const factory = script.functionAt(args.at(-1) ?? -1);
  if (factory < 0) return;
  const list = args.find((arg) => tree.kind[arg] === Kind.Array);
  const params = children(tree, factory, Role.Param);
  if (list === undefined) {
    for (const [index, name] of WITHOUT_LIST.entries()) startParam(follower, params[index], name);
    return;
  }
  for (const [index, item] of children(tree, list).entries()) {
    const name = stringValue(tree, item);
    if (name !== undefined && WITHOUT_LIST.includes(name)) {
      startParam(follower, params[index], name);
      continue;
    }
    const symbol =
      name === undefined ? undefined : follower.watcher.required(item, [item])[0]?.symbol;
    const param = params[index];
    if (symbol !== undefined && param !== undefined) {
      follower.startBinding(script.bindingAt(nameIn(follower, param)), symbol);
    }
  }
}

function startParam(follower: Follower, param: number | undefined, name: string): void {
  const symbol = follower.watcher.globalNamed(name);
  if (param === undefined || symbol === undefined) return;
  follower.startBinding(follower.script.bindingAt(nameIn(follower, param)), symbol);
}

function nameIn({ script: { tree } }: Follower, param: number): number {
  return tree.kind[param] === Kind.Default ? child(tree, param, Role.Left) : param;
}
