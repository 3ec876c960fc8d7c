import type { DefaultTreeAdapterTypes } from 'parse5';

export type Element = DefaultTreeAdapterTypes.Element;
export type Attribute = Element['attrs'][number];
type Node = DefaultTreeAdapterTypes.Node;
type Template = DefaultTreeAdapterTypes.Template;

/** All elements, those in templates too, in the order of the tree; depth costs no calls. */
export function elementsOf(root: Node): Element[] {
  const found: Element[] = [];
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ('tagName' in node) found.push(node);
    const inside = 'content' in node ? (node as Template).content.childNodes : [];
    const children = 'childNodes' in node ? node.childNodes : [];
    for (const list of [children, inside]) {
      for (let at = list.length - 1; at >= 0; at -= 1) waiting.push(list[at]!);
    }
  }
  return found;
}
