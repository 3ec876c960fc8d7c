import { Refused } from '@avow/bytes';
import type { EsNode, EstreeWalk } from './walk.ts';

export interface Identifier extends EsNode {
  readonly name: string;
  readonly typeAnnotation?: EsNode | null;
  readonly optional?: boolean;
}

export interface Literal extends EsNode {
  readonly value?: unknown;
  readonly bigint?: string;
  readonly regex?: unknown;
}

/** A key, exported name or label, as a text: what the engine would take it for. */
export function keyText(key: EsNode): string {
  switch (key.type) {
    case 'Identifier':
    case 'JSXIdentifier':
      return (key as Identifier).name;
    case 'PrivateIdentifier':
    case 'PrivateName':
      return `#${(key as Identifier).name}`;
    default: {
      const { bigint, value } = key as Literal;
      return bigint === undefined ? String(value) : String(BigInt(bigint));
    }
  }
}

/** A key that is not computed, as a name; -1 for one in brackets. */
export function keyId(
  walk: EstreeWalk,
  node: EsNode & { key: EsNode; computed?: boolean },
): number {
  // meriyah takes `class { = 1 }`.
  if (node.key === null) throw new Refused('script.syntax', node.start, 'a member without a name');
  return node.computed === true ? -1 : walk.nameId(keyText(node.key));
}

/**
 * Where a binding ends without its type: parsers that keep types count
 * `?` and the annotation as part of it.
 */
export function endWithoutType(
  walk: EstreeWalk,
  node: EsNode & Pick<Identifier, 'typeAnnotation' | 'optional'>,
): number {
  if (!node.typeAnnotation && !node.optional) return node.end;
  if (node.type === 'Identifier') return identifierEnd(walk.text, node as Identifier);
  const close = node.type === 'ArrayPattern' ? ']' : '}';
  return walk.text.lastIndexOf(close, (node.typeAnnotation?.start ?? node.end) - 1) + 1;
}

function identifierEnd(text: string, node: Identifier): number {
  if (text.startsWith(node.name, node.start)) return node.start + node.name.length;
  const written = /(?:[\w$]|[^\0-\x7f]|\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]+\})+/y;
  written.lastIndex = node.start;
  return node.start + (written.exec(text)?.[0].length ?? node.name.length);
}
