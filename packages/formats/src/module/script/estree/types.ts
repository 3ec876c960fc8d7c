import { Kind, Role } from '../kinds.ts';
import { Use } from '../use.ts';
import { type Identifier, keyText } from './names.ts';
import { prologueAndStatements } from './statements.ts';
import { type EsNode, type EstreeWalk, type Handler, on } from './walk.ts';

interface Wrapper {
  readonly expression: EsNode;
}
interface EsEnum {
  readonly id: Identifier;
  readonly members?: EsNode[];
  readonly body?: { readonly members: EsNode[] };
  readonly declare?: boolean;
}
interface EsNamespace {
  readonly id: EsNode;
  readonly body?: EsNode & { readonly body: EsNode[] };
  readonly declare?: boolean;
  readonly kind?: string;
}
interface Qualified extends EsNode {
  readonly left: EsNode;
  readonly right: Identifier;
}

const inside = on<Wrapper>((walk, node) => walk.instead(node.expression));
const leaveOut = on(() => {});

/** What runs of TypeScript (typescript-estree shapes) and Flow; the rest is left out. */
export const TYPES: Readonly<Record<string, Handler>> = {
  TSAsExpression: inside,
  TSSatisfiesExpression: inside,
  TSNonNullExpression: inside,
  TSTypeAssertion: inside,
  TSInstantiationExpression: inside,
  TypeCastExpression: inside,
  AsExpression: inside,
  AsConstExpression: inside,
  TSParameterProperty: on<{ parameter: EsNode }>((walk, node) => walk.instead(node.parameter)),
  TSEnumDeclaration: on<EsEnum>((walk, node) => {
    if (node.declare) return;
    walk.open(node, Kind.Enum);
    walk.child(node.id, Role.Id, Use.Declare);
    walk.children(node.body?.members ?? node.members, Role.Member);
  }),
  TSEnumMember: on<{ id: EsNode; initializer?: EsNode | null }>((walk, node) => {
    walk.open(node, Kind.EnumMember, walk.nameId(enumKey(node.id)));
    walk.child(node.initializer, Role.Value);
  }),
  TSModuleDeclaration: on<EsNamespace>((walk, node) => {
    if (node.declare || node.kind === 'global' || !node.body || node.id.type === 'Literal') return;
    const id = firstOf(node.id);
    walk.open(node, Kind.Namespace, walk.nameId(dotted(node.id)));
    walk.child(id, Role.Id, Use.Declare);
    walk.child(node.body, Role.Body);
  }),
  TSModuleBlock: on<{ body: EsNode[] }>((walk, node) => {
    walk.open(node, Kind.Block);
    prologueAndStatements(walk, node.body);
  }),
  TSImportEqualsDeclaration: on<{ id: Identifier; moduleReference: EsNode; importKind?: string }>(
    (walk, node) => {
      if (node.importKind === 'type') return;
      walk.open(node, Kind.ImportEquals);
      walk.child(node.id, Role.Id, Use.Declare);
      const { moduleReference } = node;
      const isModule = moduleReference.type === 'TSExternalModuleReference';
      if (isModule) walk.child((moduleReference as EsNode & Wrapper).expression, Role.Source);
      else walk.child(moduleReference, Role.Value);
    },
  ),
  TSQualifiedName: on<Qualified>((walk, node) => qualified(walk, node)),
  TSExportAssignment: on<Wrapper>((walk, node) => {
    walk.open(node, Kind.ExportAssignment);
    walk.child(node.expression, Role.Value);
  }),
  ...Object.fromEntries(
    [
      'TSInterfaceDeclaration',
      'TSTypeAliasDeclaration',
      'TSDeclareFunction',
      'TSNamespaceExportDeclaration',
      'TSIndexSignature',
      'TSAbstractMethodDefinition',
      'TSAbstractPropertyDefinition',
      'TSAbstractAccessorProperty',
      'TSDeclareMethod',
      'InterfaceDeclaration',
      'TypeAlias',
      'OpaqueType',
      'DeclareVariable',
      'DeclareFunction',
      'DeclareClass',
      'DeclareModule',
      'DeclareModuleExports',
      'DeclareTypeAlias',
      'DeclareOpaqueType',
      'DeclareInterface',
      'DeclareExportDeclaration',
      'DeclareExportAllDeclaration',
      'DeclareEnum',
    ].map((type) => [type, leaveOut]),
  ),
};

function qualified(walk: EstreeWalk, node: Qualified): void {
  const member = { type: 'MemberExpression', start: node.start, end: node.end };
  walk.instead({ ...member, object: node.left, property: node.right, computed: false } as EsNode);
}

function enumKey(id: EsNode): string {
  if (id.type !== 'TemplateLiteral') return keyText(id);
  const { quasis } = id as EsNode & { quasis: { value: { cooked: string } }[] };
  return quasis[0]!.value.cooked;
}

function firstOf(name: EsNode): EsNode {
  let at = name;
  while (at.type === 'TSQualifiedName') at = (at as Qualified).left;
  return at;
}

function dotted(name: EsNode): string {
  const parts: string[] = [];
  let at = name;
  for (; at.type === 'TSQualifiedName'; at = (at as Qualified).left) {
    parts.push((at as Qualified).right.name);
  }
  parts.push(keyText(at));
  return parts.reverse().join('.');
}
