import { child, Kind, Role, type ScriptTree } from '@avow/formats/script';

/** What a function always returns, when it only returns: else -1. */
export function returnedBy(tree: ScriptTree, fn: number): number {
  const body = child(tree, fn, Role.Body);
  if (tree.kind[body] !== Kind.Block) return body;
  const statement = body + 1;
  if (statement >= tree.next[body]! || tree.next[statement]! !== tree.next[body]!) return -1;
  if (tree.kind[statement] !== Kind.Return || tree.next[statement]! === statement + 1) return -1;
  return statement + 1;
}
