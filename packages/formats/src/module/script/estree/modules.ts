import { Kind, Role } from '../kinds.ts';
import { Use } from '../use.ts';
import { type Identifier, keyText } from './names.ts';
import { type EsNode, type Handler, on } from './walk.ts';

interface Import {
  readonly specifiers: EsNode[];
  readonly source: EsNode;
  readonly attributes?: EsNode[];
  /** `type` and `typeof` are declarations of types. */
  readonly importKind?: string | null;
}
interface Export {
  readonly declaration?: EsNode | null;
  readonly specifiers: EsNode[];
  readonly source?: EsNode | null;
  readonly attributes?: EsNode[];
  readonly exportKind?: string | null;
}
interface Specifier {
  readonly local: Identifier;
  readonly imported: EsNode;
  readonly exported: EsNode;
  readonly importKind?: string | null;
  readonly exportKind?: string | null;
}

/** ESTree 2015 to 2026, modules. */
export const MODULES: Readonly<Record<string, Handler>> = {
  ImportDeclaration: on<Import>((walk, node) => {
    if (node.importKind === 'type' || node.importKind === 'typeof') return;
    walk.open(node, Kind.ImportDeclaration);
    walk.children(node.specifiers, Role.Specifier);
    walk.child(node.source, Role.Source);
    walk.children(node.attributes, Role.Attribute);
  }),
  ImportSpecifier: on<Specifier>((walk, node) => {
    if (node.importKind === 'type' || node.importKind === 'typeof') return;
    walk.open(node, Kind.ImportSpecifier, walk.nameId(keyText(node.imported)));
    walk.child(node.local, Role.Id, Use.Declare);
  }),
  ImportDefaultSpecifier: on<Specifier>((walk, node) => {
    walk.open(node, Kind.ImportDefault);
    walk.child(node.local, Role.Id, Use.Declare);
  }),
  ImportNamespaceSpecifier: on<Specifier>((walk, node) => {
    walk.open(node, Kind.ImportNamespace);
    walk.child(node.local, Role.Id, Use.Declare);
  }),
  ImportAttribute: on<{ key: EsNode; value: EsNode }>((walk, node) => {
    walk.open(node, Kind.ImportAttribute, walk.nameId(keyText(node.key)));
    walk.child(node.value, Role.Value);
  }),
  ExportNamedDeclaration: on<Export>((walk, node) => {
    if (node.exportKind === 'type' || isTypeOnly(node.declaration)) return;
    const { place, declaration } = undecorated(walk.text, node, node.declaration);
    walk.open(place, Kind.ExportNamed);
    walk.child(declaration, Role.Declaration);
    for (const specifier of node.specifiers) {
      const from = node.source && specifier.type === 'ExportSpecifier';
      walk.child(from ? { ...specifier, type: 'ExportFromSpecifier' } : specifier, Role.Specifier);
    }
    walk.child(node.source, Role.Source);
    walk.children(node.attributes, Role.Attribute);
  }),
  ExportSpecifier: on<Specifier>((walk, node) => {
    if (node.exportKind === 'type') return;
    walk.open(node, Kind.ExportSpecifier, walk.nameId(keyText(node.exported)));
    walk.child(node.local, Role.Local);
  }),
  ExportFromSpecifier: on<Specifier>((walk, node) => {
    if (node.exportKind === 'type') return;
    walk.open(node, Kind.ExportSpecifier, walk.nameId(keyText(node.exported)));
    walk.child({ ...node.local, type: 'ExportedName', key: node.local } as EsNode, Role.Local);
  }),
  ExportedName: on<{ key: EsNode }>((walk, node) => {
    walk.open(node, Kind.Name, walk.nameId(keyText(node.key)));
  }),
  ExportDefaultDeclaration: on<{ declaration: EsNode }>((walk, node) => {
    if (isTypeOnly(node.declaration)) return;
    const { place, declaration } = undecorated(walk.text, node, node.declaration);
    walk.open(place, Kind.ExportDefault);
    walk.child(declaration, Role.Value);
  }),
  ExportAllDeclaration: on<Export & { exported?: EsNode | null }>((walk, node) => {
    if (node.exportKind === 'type') return;
    const name = node.exported ? walk.nameId(keyText(node.exported)) : -1;
    walk.open(node, Kind.ExportAll, name);
    walk.child(node.source, Role.Source);
    walk.children(node.attributes, Role.Attribute);
  }),
};

/**
 * Where decorators stand before `export`, parsers disagree on whose part they
 * are: with us the export begins with its keyword and the class with its own.
 */
function undecorated(
  text: string,
  node: EsNode,
  declaration: EsNode | null | undefined,
): { readonly place: Place; readonly declaration: EsNode | null | undefined } {
  const decorators = (declaration as { decorators?: EsNode[] } | null | undefined)?.decorators;
  const first = decorators?.[0];
  if (!declaration || first === undefined || first.start > node.start) {
    return { place: node, declaration };
  }
  const start = afterTrivia(text, decorators!.at(-1)!.end);
  let own = afterTrivia(text, start + 'export'.length);
  if (text.startsWith('default', own)) own = afterTrivia(text, own + 'default'.length);
  return { place: { start, end: node.end }, declaration: { ...declaration, start: own } };
}

type Place = Pick<EsNode, 'start' | 'end'>;

/** The next place that is neither white space nor comment. */
function afterTrivia(text: string, from: number): number {
  const trivia = /(?:\s|\/\/.*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*/y;
  trivia.lastIndex = from;
  trivia.test(text);
  return trivia.lastIndex;
}

/** Declarations that leave nothing behind when types are erased. */
function isTypeOnly(declaration: EsNode | null | undefined): boolean {
  if (!declaration) return false;
  const { type, declare, body } = declaration as EsNode & { declare?: boolean; body?: unknown };
  if (declare) return true;
  if (type === 'FunctionDeclaration') return !body;
  return TYPE_ONLY.has(type);
}

const TYPE_ONLY: ReadonlySet<string> = new Set([
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSDeclareFunction',
  'InterfaceDeclaration',
  'TypeAlias',
  'OpaqueType',
]);
