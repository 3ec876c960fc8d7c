import { Flag, Kind, Role } from '../kinds.ts';
import { Use } from '../use.ts';
import { EXPRESSION, privateId } from './expressions.ts';
import { FIELDS, TEXTS } from './layout.ts';
import { type Handler, type OxcWalk, STRUCT_IDS, unionTable } from './walk.ts';

const PROPERTY_KEY = unionTable('PropertyKey');
export const BINDING_PATTERN = unionTable('BindingPattern');
const ASSIGNMENT_TARGET = unionTable('AssignmentTarget');
const TARGET_MAYBE_DEFAULT = unionTable('AssignmentTargetMaybeDefault');
const TARGET_PROPERTY = unionTable('AssignmentTargetProperty');

const F = FIELDS;
const BINDING_PROPERTY = STRUCT_IDS['BindingProperty']!;
const BINDING_REST = STRUCT_IDS['BindingRestElement']!;
const TARGET_REST = STRUCT_IDS['AssignmentTargetRest']!;
const SHORTHAND_DEFAULT = STRUCT_IDS['ShorthandDefault']!;
const REFERENCE = STRUCT_IDS['IdentifierReference']!;
const IDENTIFIER_NAME = STRUCT_IDS['IdentifierName']!;
const STRING = STRUCT_IDS['StringLiteral']!;
const PRIVATE_NAME = STRUCT_IDS['PrivateIdentifier']!;
const NUMBER = STRUCT_IDS['NumericLiteral']!;
/** Size of a `BindingProperty`: two flags with the place, key and value. */
const BINDING_PROPERTY_SIZE = F.BindingProperty.value + 16;
const PROPERTY_KINDS = [0, Flag.Get, Flag.Set];
if (TEXTS.PropertyKind[1] !== 'get') throw new Error('the parser numbers property kinds anew');

/** Properties of objects, and both families of patterns: those that bind and those that assign. */
export const PATTERNS: Readonly<Record<string, Handler>> = {
  ObjectProperty: (walk, at) => {
    const flags =
      PROPERTY_KINDS[walk.bytes[at + F.ObjectProperty.kind]!]! |
      (walk.isTrue(at + F.ObjectProperty.method) ? Flag.Method : 0) |
      (walk.isTrue(at + F.ObjectProperty.shorthand) ? Flag.Shorthand : 0);
    const isComputed = walk.isTrue(at + F.ObjectProperty.computed);
    openKeyed(walk, at, Kind.Property, at + F.ObjectProperty.key, isComputed, flags);
    walk.union(EXPRESSION, at + F.ObjectProperty.value, Role.Value);
    if (isComputed) walk.union(PROPERTY_KEY, at + F.ObjectProperty.key, Role.Key);
  },
  ObjectPattern: (walk, at) => {
    walk.open(at, Kind.ObjectPattern, -1, 0);
    rest(walk, BINDING_REST, at + F.ObjectPattern.rest, Role.Property);
    const list = at + F.ObjectPattern.properties;
    walk.structs(BINDING_PROPERTY, BINDING_PROPERTY_SIZE, list, Role.Property, Use.Declare);
  },
  BindingProperty: (walk, at) => {
    const isComputed = walk.isTrue(at + F.BindingProperty.computed);
    const flags = walk.isTrue(at + F.BindingProperty.shorthand) ? Flag.Shorthand : 0;
    openKeyed(walk, at, Kind.Property, at + F.BindingProperty.key, isComputed, flags);
    walk.union(BINDING_PATTERN, at + F.BindingProperty.value, Role.Value, Use.Declare);
    if (isComputed) walk.union(PROPERTY_KEY, at + F.BindingProperty.key, Role.Key);
  },
  ArrayPattern: (walk, at) => {
    walk.open(at, Kind.ArrayPattern, -1, 0);
    rest(walk, BINDING_REST, at + F.ArrayPattern.rest, Role.Element);
    walk.unions(BINDING_PATTERN, at + F.ArrayPattern.elements, Role.Element, Use.Declare);
  },
  AssignmentPattern: (walk, at) => {
    walk.open(at, Kind.Default, -1, 0);
    walk.union(EXPRESSION, at + F.AssignmentPattern.right, Role.Right);
    walk.union(BINDING_PATTERN, at + F.AssignmentPattern.left, Role.Left, Use.Declare);
  },
  BindingRestElement: (walk, at) => {
    walk.open(at, Kind.Rest, -1, 0);
    walk.union(BINDING_PATTERN, at + F.BindingRestElement.argument, Role.Operand, Use.Declare);
  },
  ArrayAssignmentTarget: (walk, at) => {
    const { use } = walk;
    walk.open(at, Kind.ArrayPattern, -1, 0);
    rest(walk, TARGET_REST, at + F.ArrayAssignmentTarget.rest, Role.Element);
    walk.unions(TARGET_MAYBE_DEFAULT, at + F.ArrayAssignmentTarget.elements, Role.Element, use);
  },
  ObjectAssignmentTarget: (walk, at) => {
    const { use } = walk;
    walk.open(at, Kind.ObjectPattern, -1, 0);
    rest(walk, TARGET_REST, at + F.ObjectAssignmentTarget.rest, Role.Property);
    walk.unions(TARGET_PROPERTY, at + F.ObjectAssignmentTarget.properties, Role.Property, use);
  },
  AssignmentTargetRest: (walk, at) => {
    const { use } = walk;
    walk.open(at, Kind.Rest, -1, 0);
    walk.union(ASSIGNMENT_TARGET, at + F.AssignmentTargetRest.argument, Role.Operand, use);
  },
  AssignmentTargetWithDefault: (walk, at) => {
    const { use } = walk;
    walk.open(at, Kind.Default, -1, 0);
    walk.union(EXPRESSION, at + F.AssignmentTargetWithDefault.right, Role.Right);
    walk.union(ASSIGNMENT_TARGET, at + F.AssignmentTargetWithDefault.left, Role.Left, use);
  },
  AssignmentTargetPropertyIdentifier: (walk, at) => {
    const { use } = walk;
    const reference = at + F.AssignmentTargetPropertyIdentifier.key;
    const name = walk.nameId(reference + F.IdentifierReference.name);
    walk.open(at, Kind.Property, name, Flag.Shorthand);
    if (walk.bytes[at + F.AssignmentTargetPropertyIdentifier.init] === 255) {
      walk.ask(REFERENCE, reference, Role.Value, use);
    } else {
      walk.ask(SHORTHAND_DEFAULT, at, Role.Value, use);
    }
  },
  ShorthandDefault: (walk, at) => {
    const { use } = walk;
    walk.open(at, Kind.Default, -1, 0);
    walk.union(EXPRESSION, at + F.AssignmentTargetPropertyIdentifier.init, Role.Right);
    walk.ask(REFERENCE, at + F.AssignmentTargetPropertyIdentifier.key, Role.Left, use);
  },
  AssignmentTargetPropertyProperty: (walk, at) => {
    const { use } = walk;
    const key = at + F.AssignmentTargetPropertyProperty.key;
    const isComputed = walk.isTrue(at + F.AssignmentTargetPropertyProperty.computed);
    openKeyed(walk, at, Kind.Property, key, isComputed, 0);
    walk.union(
      TARGET_MAYBE_DEFAULT,
      at + F.AssignmentTargetPropertyProperty.value,
      Role.Value,
      use,
    );
    if (isComputed) walk.union(PROPERTY_KEY, key, Role.Key);
  },
};

/** Opens a node that has a key: its name, or the mark of a computed one. */
export function openKeyed(
  walk: OxcWalk,
  at: number,
  kind: Kind,
  key: number,
  isComputed: boolean,
  flags: number,
): void {
  if (isComputed) walk.open(at, kind, -1, flags | Flag.Computed);
  else walk.open(at, kind, keyId(walk, key), flags);
}

function keyId(walk: OxcWalk, at: number): number {
  const struct = PROPERTY_KEY[walk.bytes[at]!]!;
  const key = walk.words[(at + 8) >> 2]!;
  switch (struct) {
    case IDENTIFIER_NAME:
      return walk.nameId(key + F.IdentifierName.name);
    case STRING:
      return walk.textId(key + F.StringLiteral.value);
    case PRIVATE_NAME:
      return privateId(walk, key);
    case NUMBER:
      return walk.names.idOfText(String(walk.floats[(key + F.NumericLiteral.value) >> 3]));
    default:
      return walk.nameId(key + F.BigIntLiteral.bigint);
  }
}

function rest(walk: OxcWalk, struct: number, at: number, role: Role): void {
  const pointer = walk.pointer(at);
  if (pointer !== 0) walk.ask(struct, pointer, role, walk.use);
}
