import { child, children, Kind, nameOf, Role, stringValue } from '@avow/formats/script';
import { type AccessPath, under, within } from './access.ts';
import type { Follower } from './follower.ts';
import type { Unit } from './program.ts';
import type { Edge } from './tabulation.ts';
import { assign } from './targets.ts';

/** A module's exports hold data at `path`: at every import of it. */
export function toImporters(follower: Follower, edge: Edge, unit: Unit, path: AccessPath): void {
  for (const importer of follower.program.importersOf(unit.module)) {
    const { tree } = importer;
    for (const call of importer.index.requires) {
      const argument = child(
        tree,
        call,
        tree.kind[call] === Kind.Call ? Role.Argument : Role.Source,
      );
      if (isOf(follower, importer, argument, unit))
        follower.value(edge, importer, call, path, call);
    }
    for (let node = 1; node > 0 && node < tree.count; node = tree.next[node]!) {
      const kind = tree.kind[node];
      if (kind !== Kind.ImportDeclaration && kind !== Kind.ExportNamed && kind !== Kind.ExportAll)
        continue;
      const source = child(tree, node, Role.Source);
      if (source < 0 || !isOf(follower, importer, source, unit)) continue;
      if (kind === Kind.ImportDeclaration) toSpecifiers(follower, edge, importer, node, path);
      else reexport(follower, edge, importer, node, path);
    }
  }
}

function isOf(follower: Follower, importer: Unit, source: number, unit: Unit): boolean {
  const specifier = source < 0 ? undefined : stringValue(importer.tree, source);
  return specifier !== undefined && follower.program.resolve(importer, specifier) === unit.module;
}

function toSpecifiers(
  follower: Follower,
  edge: Edge,
  importer: Unit,
  declaration: number,
  path: AccessPath,
): void {
  const { tree } = importer;
  for (const specifier of children(tree, declaration, Role.Specifier)) {
    const local = child(tree, specifier, Role.Id);
    const kind = tree.kind[specifier];
    const inner =
      kind === Kind.ImportNamespace
        ? path
        : kind === Kind.ImportDefault
          ? (under(path, 'default') ?? path)
          : under(path, nameOf(tree, specifier));
    if (inner !== undefined) assign(follower, edge, importer, local, inner, local);
  }
}

function reexport(
  follower: Follower,
  edge: Edge,
  importer: Unit,
  statement: number,
  path: AccessPath,
): void {
  const { tree } = importer;
  const place = { kind: 'export', point: follower.point(importer, 0) } as const;
  if (tree.kind[statement] === Kind.ExportAll) {
    const name = nameOf(tree, statement);
    follower.go(edge, place, name === undefined ? path : within(name, path));
    return;
  }
  for (const specifier of children(tree, statement, Role.Specifier)) {
    const inner = under(path, nameOf(tree, child(tree, specifier, Role.Local)));
    if (inner !== undefined)
      follower.go(edge, place, within(nameOf(tree, specifier) ?? 'default', inner));
  }
}
