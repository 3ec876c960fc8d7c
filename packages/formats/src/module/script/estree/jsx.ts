import { Flag, Kind, Role } from '../kinds.ts';
import { type Identifier, keyText } from './names.ts';
import { type EsNode, type EstreeWalk, type Handler, on } from './walk.ts';

interface Opening extends EsNode {
  readonly name: EsNode;
  readonly attributes: EsNode[];
}
interface Namespaced extends EsNode {
  readonly namespace: Identifier;
  readonly name: Identifier;
}

/** JSX (facebook/jsx, draft of 2022). */
export const JSX: Readonly<Record<string, Handler>> = {
  JSXElement: on<{ openingElement: Opening; children: EsNode[] }>((walk, node) => {
    walk.open(node, Kind.JsxElement);
    walk.child(elementName(node.openingElement.name), Role.Name);
    walk.children(node.openingElement.attributes, Role.Attribute);
    walk.children(node.children, Role.Child);
  }),
  JSXFragment: on<{ children: EsNode[] }>((walk, node) => {
    walk.open(node, Kind.JsxFragment);
    walk.children(node.children, Role.Child);
  }),
  JSXIdentifier: on<Identifier>((walk, node) => {
    walk.open(node, Kind.JsxName, walk.nameId(node.name));
  }),
  JSXNamespacedName: on<Namespaced>((walk, node) => {
    walk.open(node, Kind.JsxName, walk.nameId(attributeName(node)));
  }),
  JSXMemberExpression: on<{ object: Identifier; property: Identifier }>((walk, node) => {
    walk.open(node, Kind.Member, walk.nameId(node.property.name), Flag.Reads);
    const { object } = node;
    const isName = object.type === 'JSXIdentifier';
    walk.child(isName ? reference(object) : object, Role.Object);
  }),
  JSXAttribute: on<{ name: EsNode; value: EsNode | null }>((walk, node) => {
    walk.open(node, Kind.JsxAttribute, walk.nameId(attributeName(node.name)));
    const isText = node.value?.type === 'Literal';
    walk.child(isText ? asWritten(node.value!, walk.text) : node.value, Role.Value);
  }),
  JSXSpreadAttribute: on<{ argument: EsNode }>((walk, node) => {
    walk.open(node, Kind.Spread);
    walk.child(node.argument, Role.Operand);
  }),
  JSXSpreadChild: on<{ expression: EsNode }>((walk, node) => {
    walk.open(node, Kind.Spread);
    walk.child(node.expression, Role.Operand);
  }),
  JSXExpressionContainer: on<{ expression: EsNode }>((walk, node) => walk.instead(node.expression)),
  JSXEmptyExpression: on(leaveOut),
  JSXText: on((walk, node) => walk.open(node, Kind.JsxText)),
};

/** A lower-case first letter or a dash names a tag of the page, anything else a value. */
function elementName(name: EsNode): EsNode {
  if (name.type !== 'JSXIdentifier') return name;
  const { name: text } = name as Identifier;
  return /^[a-z]|-/.test(text) ? name : reference(name as Identifier);
}

function reference(name: Identifier): EsNode {
  return { ...name, type: name.name === 'this' ? 'ThisExpression' : 'Identifier' } as EsNode;
}

/** Parsers differ in which entities they decode: an attribute's text stays as it is written. */
function asWritten(literal: EsNode, text: string): EsNode {
  return { ...literal, value: text.slice(literal.start + 1, literal.end - 1) } as EsNode;
}

function attributeName(name: EsNode): string {
  if (name.type !== 'JSXNamespacedName') return keyText(name);
  const { namespace, name: local } = name as Namespaced;
  return `${namespace.name}:${local.name}`;
}

function leaveOut(_walk: EstreeWalk): void {}
