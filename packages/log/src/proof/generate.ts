import { Refused } from '@avow/bytes';
import { isSubtree, type Span, splitOf } from '../tree/subtree.ts';

/** Spans whose roots are wanted, in proof order: from the leaf's side up. */
export type WantedSpans = readonly Span[];

/**
 * Which subtree roots prove that `span` is part of a tree of `size` entries
 * (Merkle Tree Certificates draft, 4.3.2; RFC 6962, 2.1.1 and 2.1.2).
 *
 * Refuses `proof.span` when the span is no subtree of that tree.
 */
export function proofSpans(span: Span, size: bigint): WantedSpans {
  if (!isSubtree(span) || span.end > size) {
    throw new Refused(
      'proof.span',
      undefined,
      `[${span.start}, ${span.end}) is no subtree of ${size} entries`,
    );
  }
  const wanted: Span[] = [];
  let { start, end } = span;
  let base = 0n;
  let n = size;
  let isKnown = true;
  const down: Span[] = [];
  while (!(start === 0n && end === n)) {
    const k = splitOf(n);
    if (end <= k) {
      down.push({ start: base + k, end: base + n });
      n = k;
      continue;
    }
    down.push({ start: base, end: base + k });
    if (k <= start) start -= k;
    else {
      start = 0n;
      isKnown = false;
    }
    end -= k;
    base += k;
    n -= k;
  }
  if (!isKnown) wanted.push({ start: base, end: base + n });
  for (let at = down.length - 1; at >= 0; at--) wanted.push(down[at]!);
  return wanted;
}

/** The spans that prove entry `index`. Refuses `proof.span` when the tree has no such entry. */
export function inclusionSpans(index: bigint, size: bigint): WantedSpans {
  return proofSpans({ start: index, end: index + 1n }, size);
}

/** The spans that prove that `size` entries continue `older` ones; none for an empty tree. */
export function consistencySpans(older: bigint, size: bigint): WantedSpans {
  return older === 0n ? [] : proofSpans({ start: 0n, end: older }, size);
}
