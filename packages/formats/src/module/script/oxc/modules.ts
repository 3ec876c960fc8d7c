import { Kind, Role } from '../kinds.ts';
import { Use } from '../use.ts';
import { FIELDS, STRIDES } from './layout.ts';
import { type Handler, type OxcWalk, STRUCT_IDS, unionTable } from './walk.ts';

const SPECIFIER = unionTable('ImportDeclarationSpecifier');
const DECLARATION = unionTable('Declaration');
const EXPORT_NAME = unionTable('ModuleExportName');
const ATTRIBUTE_KEY = unionTable('ImportAttributeKey');
const EXPORT_DEFAULT = unionTable('ExportDefaultDeclarationKind');

const F = FIELDS;
const BINDING = STRUCT_IDS['BindingIdentifier']!;
const REFERENCE = STRUCT_IDS['IdentifierReference']!;
const STRING = STRUCT_IDS['StringLiteral']!;
const ATTRIBUTE = STRUCT_IDS['ImportAttribute']!;
const EXPORTED = STRUCT_IDS['ExportSpecifier']!;
const EXPORTED_FROM = STRUCT_IDS['ExportFromSpecifier']!;
const EXPORTED_NAME = STRUCT_IDS['IdentifierName']!;
/** A name or string that stands inline: its number, and from here the struct. */
const INLINE = 8;
const IS_TYPE = 1;

/** `declare` of each declaration that has one; `true` for those that are types altogether. */
const AMBIENT: ReadonlyMap<number, number | true> = new Map<number, number | true>([
  [STRUCT_IDS['VariableDeclaration']!, F.VariableDeclaration.declare],
  [STRUCT_IDS['Function']!, F.Function.declare],
  [STRUCT_IDS['Class']!, F.Class.declare],
  [STRUCT_IDS['TSEnumDeclaration']!, F.TSEnumDeclaration.declare],
  [STRUCT_IDS['TSNamespaceDeclaration']!, F.TSNamespaceDeclaration.declare],
  [STRUCT_IDS['TSTypeAliasDeclaration']!, true],
  [STRUCT_IDS['TSInterfaceDeclaration']!, true],
  [STRUCT_IDS['TSExternalModuleDeclaration']!, true],
  [STRUCT_IDS['TSGlobalDeclaration']!, true],
]);
const FUNCTION = STRUCT_IDS['Function']!;

/** Imports and exports. */
export const MODULES: Readonly<Record<string, Handler>> = {
  ImportDeclaration: (walk, at) => {
    if (walk.bytes[at + F.ImportDeclaration.importKind] === IS_TYPE) return;
    walk.open(at, Kind.ImportDeclaration, -1, 0);
    attributes(walk, at + F.ImportDeclaration.withClause);
    walk.ask(STRING, at + F.ImportDeclaration.source, Role.Source, Use.Read);
    const list = at + F.ImportDeclaration.specifiers;
    if (walk.pointer(list) !== 0) walk.unions(SPECIFIER, list, Role.Specifier);
  },
  ImportSpecifier: (walk, at) => {
    if (walk.bytes[at + F.ImportSpecifier.importKind] === IS_TYPE) return;
    const name = exportedId(walk, at + F.ImportSpecifier.imported);
    walk.open(at, Kind.ImportSpecifier, name, 0);
    walk.ask(BINDING, at + F.ImportSpecifier.local, Role.Id, Use.Declare);
  },
  ImportDefaultSpecifier: (walk, at) => {
    walk.open(at, Kind.ImportDefault, -1, 0);
    walk.ask(BINDING, at + F.ImportDefaultSpecifier.local, Role.Id, Use.Declare);
  },
  ImportNamespaceSpecifier: (walk, at) => {
    walk.open(at, Kind.ImportNamespace, -1, 0);
    walk.ask(BINDING, at + F.ImportNamespaceSpecifier.local, Role.Id, Use.Declare);
  },
  ImportAttribute: (walk, at) => {
    walk.open(
      at,
      Kind.ImportAttribute,
      exportedId(walk, at + F.ImportAttribute.key, ATTRIBUTE_KEY),
      0,
    );
    walk.ask(STRING, at + F.ImportAttribute.value, Role.Value, Use.Read);
  },
  ExportDeclaration: (walk, at) => {
    if (isTypeOnly(walk, at + F.ExportDeclaration.declaration, DECLARATION)) return;
    walk.open(at, Kind.ExportNamed, -1, 0);
    walk.union(DECLARATION, at + F.ExportDeclaration.declaration, Role.Declaration);
  },
  ExportNamedDeclaration: (walk, at) => {
    if (walk.bytes[at + F.ExportNamedDeclaration.exportKind] === IS_TYPE) return;
    walk.open(at, Kind.ExportNamed, -1, 0);
    const list = at + F.ExportNamedDeclaration.specifiers;
    walk.structs(EXPORTED, STRIDES.ExportSpecifier, list, Role.Specifier);
  },
  ExportFromDeclaration: (walk, at) => {
    if (walk.bytes[at + F.ExportFromDeclaration.exportKind] === IS_TYPE) return;
    walk.open(at, Kind.ExportNamed, -1, 0);
    attributes(walk, at + F.ExportFromDeclaration.withClause);
    walk.ask(STRING, at + F.ExportFromDeclaration.source, Role.Source, Use.Read);
    const list = at + F.ExportFromDeclaration.specifiers;
    walk.structs(EXPORTED_FROM, STRIDES.ExportSpecifier, list, Role.Specifier);
  },
  ExportSpecifier: (walk, at) => {
    if (walk.bytes[at + F.ExportSpecifier.exportKind] === IS_TYPE) return;
    walk.open(at, Kind.ExportSpecifier, exportedId(walk, at + F.ExportSpecifier.exported), 0);
    walk.ask(REFERENCE, at + F.ExportSpecifier.local + INLINE, Role.Local, Use.Read);
  },
  ExportFromSpecifier: (walk, at) => {
    if (walk.bytes[at + F.ExportSpecifier.exportKind] === IS_TYPE) return;
    walk.open(at, Kind.ExportSpecifier, exportedId(walk, at + F.ExportSpecifier.exported), 0);
    walk.ask(EXPORTED_NAME, at + F.ExportSpecifier.local, Role.Local, Use.Read);
  },
  IdentifierName: (walk, at) => walk.open(at + INLINE, Kind.Name, exportedId(walk, at), 0),
  ExportDefaultDeclaration: (walk, at) => {
    const declaration = at + F.ExportDefaultDeclaration.declaration;
    if (isTypeOnly(walk, declaration, EXPORT_DEFAULT)) return;
    walk.open(at, Kind.ExportDefault, -1, 0);
    walk.union(EXPORT_DEFAULT, declaration, Role.Value);
  },
  ExportAllDeclaration: (walk, at) => {
    if (walk.bytes[at + F.ExportAllDeclaration.exportKind] === IS_TYPE) return;
    const exported = at + F.ExportAllDeclaration.exported;
    const name = walk.bytes[exported] === 255 ? -1 : exportedId(walk, exported);
    walk.open(at, Kind.ExportAll, name, 0);
    attributes(walk, at + F.ExportAllDeclaration.withClause);
    walk.ask(STRING, at + F.ExportAllDeclaration.source, Role.Source, Use.Read);
  },
};

/** A name or a string. */
function exportedId(walk: OxcWalk, at: number, table: Uint8Array = EXPORT_NAME): number {
  const isString = table[walk.bytes[at]!] === STRING;
  if (isString) return walk.textId(at + INLINE + F.StringLiteral.value);
  return walk.nameId(at + INLINE + F.IdentifierName.name);
}

function attributes(walk: OxcWalk, at: number): void {
  const clause = walk.pointer(at);
  if (clause === 0) return;
  const list = clause + F.WithClause.attributes;
  walk.structs(ATTRIBUTE, STRIDES.ImportAttribute, list, Role.Attribute);
}

/** Whether the declaration leaves nothing behind when types are erased. */
function isTypeOnly(walk: OxcWalk, at: number, table: Uint8Array): boolean {
  const struct = table[walk.bytes[at]!]!;
  const ambient = AMBIENT.get(struct);
  if (ambient === undefined) return false;
  if (ambient === true) return true;
  const declaration = walk.pointer(at + 8);
  if (walk.isTrue(declaration + ambient)) return true;
  return struct === FUNCTION && walk.pointer(declaration + F.Function.body) === 0;
}
