import { decodeText } from '@avow/bytes';
import type { Flow, Hop } from '@avow/examine';
import { parseLocator } from '@avow/locator';
import type { Product } from '@avow/products';
import { memberPathOf } from '../place.ts';

/** Texts of the members that flows go through, by path, in lines. */
export type Texts = ReadonlyMap<string, readonly string[]>;

/** Lines as results count them: U+2028 and U+2029 end none. */
const LINE_END = /\r\n|[\n\r]/;

/** Reads the members that the hops of flows name; a member that is gone is left out. */
export async function textsOf(product: Product, flows: readonly Flow[]): Promise<Texts> {
  const wanted = new Set(flows.flatMap(({ hops }) => hops.map((hop) => placeOf(hop)?.path)));
  const texts = new Map<string, readonly string[]>();
  for await (const member of product.members()) {
    if (!('bytes' in member) || !wanted.has(member.path)) continue;
    texts.set(member.path, decodeText(member.bytes).text.split(LINE_END));
  }
  return texts;
}

/** Where a hop is: lines and columns from 1. */
export interface HopPlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** Undefined for a hop that is no line of a text. */
export function placeOf({ locator }: Hop): HopPlace | undefined {
  const parsed = parseLocator(locator);
  const path = memberPathOf(parsed);
  if (parsed.place.kind !== 'line' || path === undefined) return undefined;
  const { line, column = 1 } = parsed.place.start;
  return { path, line, column };
}

/** Hops of one function or place together: lines of one file, a few apart. */
export interface Excerpt {
  readonly path: string;
  readonly first: number;
  readonly last: number;
  /** With the number of the hop in the flow, from 1. */
  readonly hops: readonly { readonly hop: Hop; readonly number: number; readonly at: HopPlace }[];
}

/** Lines around a hop. */
const CONTEXT = 2;
/** Hops closer than this are shown in one piece. */
const NEAR = 2 * CONTEXT + 1;

/** Pieces of source to show for a flow, in its order; a step back or to another file begins a new one. */
export function excerptsOf({ hops }: Flow, texts: Texts): Excerpt[] {
  const excerpts: Excerpt[] = [];
  hops.forEach((hop, index) => {
    const at = placeOf(hop);
    const count = at === undefined ? undefined : texts.get(at.path)?.length;
    if (at === undefined || count === undefined) return;
    const first = Math.max(1, at.line - CONTEXT);
    const last = Math.min(count, at.line + CONTEXT);
    const before = excerpts.at(-1);
    const isNear =
      before !== undefined &&
      before.path === at.path &&
      at.line >= before.hops.at(-1)!.at.line &&
      at.line <= before.last + NEAR;
    const shown = { hop, number: index + 1, at };
    if (isNear) excerpts[excerpts.length - 1] = { ...before, last, hops: [...before.hops, shown] };
    else excerpts.push({ path: at.path, first, last, hops: [shown] });
  });
  return excerpts;
}
