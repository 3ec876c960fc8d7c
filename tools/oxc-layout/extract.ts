import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'meriyah';

/**
 * How oxc-parser lays out its syntax tree in the transfer buffer, read off the
 * reader that the package itself ships: names of structs and fields, their
 * offsets, the numbers of each union's members.
 */
export interface Layout {
  readonly version: string;
  /** Numbers that the package's own constants give the buffer. */
  readonly buffer: Readonly<Record<string, number>>;
  /** By struct, by field: bytes from the struct's start. */
  readonly fields: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By union: what each number in its first byte stands for. */
  readonly unions: Readonly<Record<string, Readonly<Record<number, string>>>>;
  /** By what a list holds: bytes from one to the next. */
  readonly strides: Readonly<Record<string, number>>;
  /** By optional type: the first byte that says there is none. */
  readonly absent: Readonly<Record<string, number>>;
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

const require = createRequire(new URL('../../packages/formats/package.json', import.meta.url));

export function layoutOfPackage(): Layout {
  const { version } = require('oxc-parser/package.json') as { version: string };
  const reader = programOf('oxc-parser/src-js/generated/deserialize/ts.js');
  const fields: Record<string, Record<string, number>> = {};
  const unions: Record<string, Record<number, string>> = {};
  const strides: Record<string, number> = {};
  const absent: Record<string, number> = {};
  for (const statement of reader.body as Node[]) {
    if (statement.type !== 'FunctionDeclaration') continue;
    const name = textOf((statement['id'] as Node)['name']);
    if (!name.startsWith('deserialize')) continue;
    const type = name.slice('deserialize'.length);
    const union = unionOf(statement);
    if (union !== undefined) unions[type] = union;
    else if (type.startsWith('Vec')) strides[type.slice(3)] = strideOf(statement);
    else if (type.startsWith('Option')) noteAbsence(type.slice(6), statement, absent);
    else fields[type] = fieldsOf(statement);
  }
  return { version, buffer: constantsOf(), fields, unions, strides, absent };
}

function programOf(specifier: string): Node {
  const text = readFileSync(require.resolve(specifier), 'utf8');
  return parse(text, { sourceType: 'module' }) as unknown as Node;
}

function constantsOf(): Record<string, number> {
  const program = programOf('oxc-parser/src-js/generated/constants.js');
  const found: Record<string, number> = {};
  for (const node of nodesOf(program)) {
    if (node.type !== 'VariableDeclarator') continue;
    const value = (node['init'] as Node | null)?.['value'];
    if (typeof value === 'number') found[textOf((node['id'] as Node)['name'])] = value;
  }
  return found;
}

function* nodesOf(root: unknown): Generator<Node, void, void> {
  if (Array.isArray(root)) {
    for (const item of root) yield* nodesOf(item);
  } else if (typeof root === 'object' && root !== null) {
    if (typeof (root as Node).type === 'string') yield root as Node;
    for (const value of Object.values(root)) yield* nodesOf(value);
  }
}

/** `switch (uint8[pos]) { case 1: return deserializeBoxThing(pos + 8) … }` */
function unionOf(fn: Node): Record<number, string> | undefined {
  const cases = [...nodesOf(fn)].filter((node) => node.type === 'SwitchCase');
  if (cases.length === 0) return undefined;
  const members: Record<number, string> = {};
  let waiting: number[] = [];
  for (const each of cases) {
    const number = (each['test'] as Node | null)?.['value'];
    if (typeof number !== 'number') continue;
    waiting.push(number);
    if ((each['consequent'] as Node[]).length === 0) continue;
    const member = memberOf(each);
    for (const same of waiting) if (member !== undefined) members[same] = member;
    waiting = [];
  }
  return members;
}

function memberOf(switchCase: Node): string | undefined {
  for (const node of nodesOf(switchCase['consequent'])) {
    const read = readOf(node);
    if (read !== undefined) return read.type.replace(/^Box/, '');
    if (node.type === 'ReturnStatement') {
      const value = (node['argument'] as Node)['value'];
      if (typeof value === 'string') return value;
    }
  }
  return undefined;
}

/** `deserializeThing(pos + 16)` */
function readOf(node: Node): { readonly type: string; readonly offset: number } | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const callee = textOf((node['callee'] as Node)['name']);
  const [argument, ...rest] = node['arguments'] as Node[];
  if (!callee.startsWith('deserialize') || argument === undefined || rest.length > 0) {
    return undefined;
  }
  const offset = offsetOf(argument);
  return offset === undefined ? undefined : { type: callee.slice('deserialize'.length), offset };
}

function offsetOf(node: Node): number | undefined {
  if (node.type === 'Identifier') return node['name'] === 'pos' ? 0 : undefined;
  if (node.type !== 'BinaryExpression' || node['operator'] !== '+') return undefined;
  const left = node['left'] as Node;
  const value = (node['right'] as Node)['value'];
  return left['name'] === 'pos' && typeof value === 'number' ? value : undefined;
}

/** Every place where something named is given a read: property, variable, assignment. */
function fieldsOf(fn: Node): Record<string, number> {
  const fields: Record<string, number> = {};
  for (const node of nodesOf(fn['body'])) {
    const [target, value] = assignmentOf(node);
    if (target === undefined || value === undefined) continue;
    for (const inner of nodesOf(value)) {
      const read = readOf(inner);
      if (read === undefined) continue;
      fields[target] ??= read.offset;
      break;
    }
  }
  return fields;
}

function assignmentOf(node: Node): [string | undefined, unknown] {
  if (node.type === 'Property') return [nameOf(node['key'] as Node), node['value']];
  if (node.type === 'VariableDeclarator') return [nameOf(node['id'] as Node), node['init']];
  if (node.type !== 'AssignmentExpression') return [undefined, undefined];
  const left = node['left'] as Node;
  return [nameOf((left['property'] as Node | undefined) ?? left), node['right']];
}

function nameOf(node: Node): string | undefined {
  return node.type === 'Identifier' ? textOf(node['name']) : undefined;
}

function strideOf(fn: Node): number {
  for (const node of nodesOf(fn)) {
    if (node.type !== 'AssignmentExpression' || node['operator'] !== '+=') continue;
    const value = (node['right'] as Node)['value'];
    if (typeof value === 'number') return value;
  }
  throw new Error(`a list without a stride: ${textOf((fn['id'] as Node)['name'])}`);
}

/** `uint8[pos] === 255 ? null : …`; pointers and names are absent when they are null, which needs no number. */
function noteAbsence(type: string, fn: Node, absent: Record<string, number>): void {
  for (const node of nodesOf(fn)) {
    if (node.type !== 'BinaryExpression' || node['operator'] !== '===') continue;
    const object = (node['left'] as Node)['object'] as Node | undefined;
    const value = (node['right'] as Node)['value'];
    if (object?.['name'] === 'uint8' && typeof value === 'number') absent[type] = value;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
