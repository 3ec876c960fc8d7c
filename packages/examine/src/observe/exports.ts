import {
  child,
  children,
  declarationsOf,
  Flag,
  Kind,
  nameOf,
  Role,
  type Scopes,
  type ScriptTree,
  stringValue,
} from '@avow/formats/script';

/** A script with the scopes of its names. */
export interface ScopedScript {
  readonly tree: ScriptTree;
  readonly scopes: Scopes;
}

/** One thing that a module gives to who imports it. */
export interface Export {
  /** `default`, a name, or `` for the whole module object of CommonJS. */
  readonly name: string;
  /** The exported expression or declaration; -1 for another module's. */
  readonly node: number;
  /** The binding exported by name; -1 for an expression. */
  readonly binding: number;
  /** The module it comes from, and its name there (`*` for all). */
  readonly from?: { readonly specifier: string; readonly name: string };
}

/** Exports of a script in either module system, in the order of the text. */
export function exportsOf(script: ScopedScript): Export[] {
  const { tree } = script;
  const found: Export[] = [];
  for (let node = firstStatement(tree); node >= 0; node = sibling(tree, node)) {
    switch (tree.kind[node]) {
      case Kind.ExportNamed:
        pushNamed(script, node, found);
        break;
      case Kind.ExportDefault: {
        const value = child(tree, node, Role.Value);
        if (value >= 0) found.push({ name: 'default', node: value, binding: -1 });
        break;
      }
      case Kind.ExportAll: {
        const specifier = stringValue(tree, child(tree, node, Role.Source)) ?? '';
        found.push({
          name: nameOf(tree, node) ?? '*',
          node: -1,
          binding: -1,
          from: { specifier, name: '*' },
        });
        break;
      }
      default:
    }
  }
  pushAssigned(tree, found);
  return found;
}

function firstStatement(tree: ScriptTree): number {
  return tree.count > 1 ? 1 : -1;
}

function sibling(tree: ScriptTree, node: number): number {
  const next = tree.next[node]!;
  return next < tree.count ? next : -1;
}

function pushNamed({ tree, scopes }: ScopedScript, node: number, found: Export[]): void {
  const source = child(tree, node, Role.Source);
  for (const specifier of children(tree, node, Role.Specifier)) {
    const name = nameOf(tree, specifier) ?? 'default';
    const local = child(tree, specifier, Role.Local);
    const from =
      source < 0
        ? undefined
        : { specifier: stringValue(tree, source) ?? '', name: nameOf(tree, local) ?? 'default' };
    const binding = source < 0 ? (scopes.bindingOf[local] ?? -1) : -1;
    found.push({ name, node: source < 0 ? local : -1, binding, ...(from && { from }) });
  }
  const declaration = child(tree, node, Role.Declaration);
  if (declaration < 0) return;
  for (let at = declaration; at < tree.next[declaration]!; at += 1) {
    if ((tree.flags[at]! & Flag.Declares) === 0 || tree.role[at] === Role.Param) continue;
    if (!isOuterName(tree, at, declaration)) continue;
    const name = nameOf(tree, at)!;
    const isDeclarator = tree.kind[declaration] === Kind.VariableDeclaration;
    found.push({ name, node: isDeclarator ? at : declaration, binding: scopes.bindingOf[at]! });
  }
}

/** A name that the declaration itself binds, not one inside its body. */
function isOuterName(tree: ScriptTree, name: number, declaration: number): boolean {
  for (let at = tree.parent[name]!; at !== declaration; at = tree.parent[at]!) {
    const kind = tree.kind[at];
    const isPattern =
      kind === Kind.VariableDeclarator ||
      kind === Kind.ObjectPattern ||
      kind === Kind.ArrayPattern ||
      kind === Kind.Property ||
      kind === Kind.Default ||
      kind === Kind.Rest;
    if (!isPattern) return false;
    if (kind === Kind.VariableDeclarator && tree.role[at] !== Role.Declaration) return false;
  }
  return true;
}

/** `module.exports = x`, `module.exports.a = x`, `exports.a = x`, `export = x`. */
function pushAssigned(tree: ScriptTree, found: Export[]): void {
  const { kind } = tree;
  const whole = kind.indexOf(Kind.ExportAssignment);
  if (whole >= 0) found.push({ name: '', node: whole + 1, binding: -1 });
  for (
    let at = kind.indexOf(Kind.Assignment);
    at >= 0;
    at = kind.indexOf(Kind.Assignment, at + 1)
  ) {
    const name = exportedName(tree, at + 1);
    if (name !== undefined) found.push({ name, node: child(tree, at, Role.Right), binding: -1 });
  }
}

/** The export that a member assigns: `` for `module.exports`; undefined for any other. */
export function exportedName(tree: ScriptTree, member: number): string | undefined {
  if (tree.kind[member] !== Kind.Member) return undefined;
  const object = member + 1;
  const name = nameOf(tree, member);
  if (tree.kind[object] === Kind.Identifier) {
    const base = nameOf(tree, object);
    if (base === 'module' && name === 'exports') return '';
    return base === 'exports' ? name : undefined;
  }
  return exportedName(tree, object) === '' ? name : undefined;
}

/** Whether a function is exported by its module, so that calls of it may be outside. */
export function isExported(list: readonly Export[], script: ScopedScript, fn: number): boolean {
  const { tree, scopes } = script;
  return list.some(({ node, binding }) => {
    if (node === fn) return true;
    const id = binding < 0 ? -1 : (declarationsOf(scopes, binding)[0] ?? -1);
    if (id < 0) return false;
    const holder = tree.parent[id]!;
    return holder === fn || child(tree, holder, Role.Init) === fn;
  });
}
