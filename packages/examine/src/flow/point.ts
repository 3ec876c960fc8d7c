/**
 * A node of a module of the product, as one number: module index and node
 * number, so that places of many modules go into one table.
 */
export type Point = number;

/** Nodes of one module; a 200 MB script has fewer. */
const NODES = 2 ** 27;

export function pointOf(module: number, node: number): Point {
  return module * NODES + node;
}

export function moduleOf(point: Point): number {
  return Math.floor(point / NODES);
}

export function nodeIn(point: Point): number {
  return point % NODES;
}
