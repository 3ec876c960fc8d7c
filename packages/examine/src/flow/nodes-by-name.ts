import type { ScriptTree } from '@avow/formats/script';

/**
 * Nodes of a tree by a name each, in the order of the text: sorted by counting,
 * in two columns. Lists for each name would be most of what a large tree takes.
 */
export class NodesByName {
  /** By index of a name: where its nodes begin; one more at the end. */
  readonly #from: Int32Array;
  readonly #nodes: Int32Array;

  /** `nameOf`: index of a node's name among the tree's, -1 for a node that has none. */
  constructor({ count, names }: ScriptTree, nameOf: (node: number) => number) {
    const from = new Int32Array(names.length + 1);
    let sum = 0;
    for (let node = 0; node < count; node += 1) {
      const name = nameOf(node);
      if (name < 0) continue;
      from[name + 1]! += 1;
      sum += 1;
    }
    for (let name = 1; name < from.length; name += 1) from[name]! += from[name - 1]!;
    const nodes = new Int32Array(sum);
    const next = from.slice();
    for (let node = 0; node < count; node += 1) {
      const name = nameOf(node);
      if (name >= 0) nodes[next[name]!++] = node;
    }
    this.#from = from;
    this.#nodes = nodes;
  }

  of(name: number): readonly number[] {
    return [...this.#nodes.subarray(this.#from[name]!, this.#from[name + 1]!)];
  }
}
