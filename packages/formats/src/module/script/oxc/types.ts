import { Flag, Kind, Role } from '../kinds.ts';
import { Use } from '../use.ts';
import { EXPRESSION } from './expressions.ts';
import { FIELDS, STRIDES } from './layout.ts';
import { directivesAndStatements } from './statements.ts';
import { type Handler, type OxcWalk, STRUCT_IDS, unionTable } from './walk.ts';

const NAMESPACE_BODY = unionTable('TSNamespaceDeclarationBody');
const MODULE_REFERENCE = unionTable('TSModuleReference');
const TYPE_NAME = unionTable('TSTypeName');
const MEMBER_NAME = unionTable('TSEnumMemberName');

const F = FIELDS;
const BINDING = STRUCT_IDS['BindingIdentifier']!;
const STRING = STRUCT_IDS['StringLiteral']!;
const MEMBER = STRUCT_IDS['TSEnumMember']!;
const NAMESPACE = STRUCT_IDS['TSNamespaceDeclaration']!;
const EXTERNAL = STRUCT_IDS['TSExternalModuleReference']!;
const TEMPLATE = STRUCT_IDS['TemplateLiteral']!;
const MODULE_BLOCK = STRUCT_IDS['TSModuleBlock']!;
const IS_TYPE = 1;

const leaveOut: Handler = () => {};

/** What runs of TypeScript; the rest leaves nothing. */
export const TYPES: Readonly<Record<string, Handler>> = {
  TSTypeAliasDeclaration: leaveOut,
  TSInterfaceDeclaration: leaveOut,
  TSExternalModuleDeclaration: leaveOut,
  TSGlobalDeclaration: leaveOut,
  TSNamespaceExportDeclaration: leaveOut,
  TSEnumDeclaration: (walk, at) => {
    if (walk.isTrue(at + F.TSEnumDeclaration.declare)) return;
    walk.open(at, Kind.Enum, -1, 0);
    const list = at + F.TSEnumDeclaration.body + F.TSEnumBody.members;
    walk.structs(MEMBER, STRIDES.TSEnumMember, list, Role.Member);
    walk.ask(BINDING, at + F.TSEnumDeclaration.id, Role.Id, Use.Declare);
  },
  TSEnumMember: (walk, at) => {
    walk.open(at, Kind.EnumMember, memberId(walk, at + F.TSEnumMember.id), 0);
    walk.optional(EXPRESSION, at + F.TSEnumMember.initializer, Role.Value);
  },
  TSNamespaceDeclaration: (walk, at) => {
    if (walk.isTrue(at + F.TSNamespaceDeclaration.declare)) return;
    const names: string[] = [];
    let inner = at;
    for (;;) {
      const id = inner + F.TSNamespaceDeclaration.id + F.BindingIdentifier.name;
      names.push(walk.names.list[walk.nameId(id)]!);
      const body = inner + F.TSNamespaceDeclaration.body;
      inner = walk.pointer(body + 8);
      if (NAMESPACE_BODY[walk.bytes[body]!] !== NAMESPACE) break;
    }
    walk.open(at, Kind.Namespace, walk.names.idOfText(names.join('.')), 0);
    walk.ask(MODULE_BLOCK, inner, Role.Body, Use.Read);
    walk.ask(BINDING, at + F.TSNamespaceDeclaration.id, Role.Id, Use.Declare);
  },
  TSModuleBlock: (walk, at) => {
    walk.open(at, Kind.Block, -1, 0);
    directivesAndStatements(walk, at + F.TSModuleBlock.body);
  },
  TSImportEqualsDeclaration: (walk, at) => {
    if (walk.bytes[at + F.TSImportEqualsDeclaration.importKind] === IS_TYPE) return;
    walk.open(at, Kind.ImportEquals, -1, 0);
    const union = at + F.TSImportEqualsDeclaration.moduleReference;
    if (MODULE_REFERENCE[walk.bytes[union]!] === EXTERNAL) {
      const module = walk.pointer(union + 8) + F.TSExternalModuleReference.expression;
      walk.ask(STRING, module, Role.Source, Use.Read);
    } else {
      walk.union(MODULE_REFERENCE, union, Role.Value);
    }
    walk.ask(BINDING, at + F.TSImportEqualsDeclaration.id, Role.Id, Use.Declare);
  },
  TSQualifiedName: (walk, at) => {
    const name = at + F.TSQualifiedName.right + F.IdentifierName.name;
    walk.open(at, Kind.Member, walk.nameId(name), Flag.Reads);
    walk.union(TYPE_NAME, at + F.TSQualifiedName.left, Role.Object);
  },
  TSExportAssignment: (walk, at) => {
    walk.open(at, Kind.ExportAssignment, -1, 0);
    walk.union(EXPRESSION, at + F.TSExportAssignment.expression, Role.Value);
  },
};

function memberId(walk: OxcWalk, at: number): number {
  const name = walk.pointer(at + 8);
  const struct = MEMBER_NAME[walk.bytes[at]!];
  if (struct === STRING) return walk.textId(name + F.StringLiteral.value);
  if (struct !== TEMPLATE) return walk.nameId(name + F.IdentifierName.name);
  const piece = walk.pointer(name + F.TemplateLiteral.quasis);
  return walk.textId(piece + F.TemplateElement.value + F.TemplateElementValue.cooked);
}
