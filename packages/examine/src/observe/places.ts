import type { Place } from './reading.ts';

/**
 * Lines and columns of a text, counted when first asked for. A line ends at
 * `\n`, `\r\n` or a lone `\r`; columns are UTF-16 code units, both from 1.
 */
export class Places {
  readonly #text: string;
  readonly #toOuter: (offset: number) => number;
  #starts: number[] | undefined;

  /** `toOuter`: from an offset of a script inside a page to the page's. */
  constructor(text: string, toOuter = (offset: number) => offset) {
    this.#text = text;
    this.#toOuter = toOuter;
  }

  /** The same text, for a script inside it. */
  within(toOuter: (offset: number) => number): Places {
    const places = new Places(this.#text, toOuter);
    places.#starts = this.#lineStarts();
    return places;
  }

  at(start: number, end: number): Place {
    const starts = this.#lineStarts();
    const offset = this.#toOuter(start);
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    // The last unit, not the one after it: that may stand elsewhere in a page.
    const last = end > start ? this.#toOuter(end - 1) + 1 : offset;
    return { start: offset, end: last, line: low + 1, column: offset - starts[low]! + 1 };
  }

  #lineStarts(): number[] {
    if (this.#starts !== undefined) return this.#starts;
    const text = this.#text;
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    let isMixed = false;
    for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) {
      if (text.charCodeAt(at + 1) === 0x0a) continue;
      starts.push(at + 1);
      isMixed = true;
    }
    if (isMixed) starts.sort((a, b) => a - b);
    this.#starts = starts;
    return starts;
  }
}
