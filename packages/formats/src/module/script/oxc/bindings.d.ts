/** What we use of the package's native binding; it has no types of its own (0.159.0). */
declare module 'oxc-parser/src-js/bindings.js' {
  /** How far into a buffer the first place lies that is aligned for the allocator. */
  export function getBufferOffset(buffer: Uint8Array): number;
  /** Parses the UTF-8 at `sourceFrom` of the block; the tree is written before it. */
  export function parseRawSync(
    filename: string,
    block: Uint8Array,
    sourceFrom: number,
    sourceLength: number,
    options: object,
  ): void;
}
