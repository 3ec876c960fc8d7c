import { Flag, Kind, Role } from '../kinds.ts';
import { Use } from '../use.ts';
import { EXPRESSION } from './expressions.ts';
import { FIELDS } from './layout.ts';
import { type Handler, type OxcWalk, STRUCT_IDS, unionTable } from './walk.ts';

const ELEMENT_NAME = unionTable('JSXElementName');
const MEMBER_OBJECT = unionTable('JSXMemberExpressionObject');
const INNER = unionTable('JSXExpression');
const ATTRIBUTE_ITEM = unionTable('JSXAttributeItem');
const ATTRIBUTE_NAME = unionTable('JSXAttributeName');
const ATTRIBUTE_VALUE = unionTable('JSXAttributeValue');
const CHILD = unionTable('JSXChild');

const F = FIELDS;
const IDENTIFIER = STRUCT_IDS['JSXIdentifier']!;

/** JSX. */
export const JSX: Readonly<Record<string, Handler>> = {
  JSXElement: (walk, at) => {
    walk.open(at, Kind.JsxElement, -1, 0);
    walk.unions(CHILD, at + F.JSXElement.children, Role.Child);
    const opening = walk.pointer(at + F.JSXElement.openingElement);
    walk.unions(ATTRIBUTE_ITEM, opening + F.JSXOpeningElement.attributes, Role.Attribute);
    walk.union(ELEMENT_NAME, opening + F.JSXOpeningElement.name, Role.Name);
  },
  JSXFragment: (walk, at) => {
    walk.open(at, Kind.JsxFragment, -1, 0);
    walk.unions(CHILD, at + F.JSXFragment.children, Role.Child);
  },
  JSXIdentifier: (walk, at) => {
    walk.open(at, Kind.JsxName, walk.nameId(at + F.JSXIdentifier.name), 0);
  },
  JSXNamespacedName: (walk, at) => walk.open(at, Kind.JsxName, namespacedId(walk, at), 0),
  JSXMemberExpression: (walk, at) => {
    const property = at + F.JSXMemberExpression.property;
    walk.open(at, Kind.Member, walk.nameId(property + F.JSXIdentifier.name), Flag.Reads);
    walk.union(MEMBER_OBJECT, at + F.JSXMemberExpression.object, Role.Object);
  },
  JSXAttribute: (walk, at) => {
    const union = at + F.JSXAttribute.name;
    const name = walk.pointer(union + 8);
    const isPlain = ATTRIBUTE_NAME[walk.bytes[union]!] === IDENTIFIER;
    const id = isPlain ? walk.nameId(name + F.JSXIdentifier.name) : namespacedId(walk, name);
    walk.open(at, Kind.JsxAttribute, id, 0);
    walk.optional(ATTRIBUTE_VALUE, at + F.JSXAttribute.value, Role.Value);
  },
  JSXSpreadAttribute: (walk, at) => {
    walk.open(at, Kind.Spread, -1, 0);
    walk.union(EXPRESSION, at + F.JSXSpreadAttribute.argument, Role.Operand);
  },
  JSXSpreadChild: (walk, at) => {
    walk.open(at, Kind.Spread, -1, 0);
    walk.union(EXPRESSION, at + F.JSXSpreadChild.expression, Role.Operand);
  },
  JSXExpressionContainer: (walk, at) => {
    walk.union(INNER, at + F.JSXExpressionContainer.expression, walk.role, Use.Read);
  },
  JSXEmptyExpression: () => {},
  JSXText: (walk, at) => walk.open(at, Kind.JsxText, -1, 0),
};

function namespacedId(walk: OxcWalk, at: number): number {
  const { list } = walk.names;
  const space = walk.nameId(at + F.JSXNamespacedName.namespace + F.JSXIdentifier.name);
  const local = walk.nameId(at + F.JSXNamespacedName.name + F.JSXIdentifier.name);
  return walk.names.idOfText(`${list[space]}:${list[local]}`);
}
