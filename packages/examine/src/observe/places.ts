import type { Place } from './reading.ts';

/**
 * Lines and columns of a text, counted when first asked for. A line ends at
 * `\n`, `\r\n` or a lone `\r`; columns are UTF-16 code units, both from 1.
 */
export class Places {
  readonly #lines: Lines;
  readonly #toOuter: (offset: number) => number;

  /** `toOuter`: from an offset of a script inside a page to the page's. */
  constructor(text: string, toOuter = (offset: number) => offset, lines = new Lines(text)) {
    this.#lines = lines;
    this.#toOuter = toOuter;
  }

  /** The same text, for a script inside it. */
  within(toOuter: (offset: number) => number): Places {
    return new Places('', toOuter, this.#lines);
  }

  at(start: number, end: number): Place {
    const offset = this.#toOuter(start);
    const starts = this.#lines.upTo(offset);
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
}

/** Where lines start, as far down as anyone asked: most that is asked for are imports, at the top. */
class Lines {
  readonly #text: string;
  readonly #starts: number[] = [0];
  /** The next ends of lines that are not counted yet; beyond the text when there is none. */
  #feed: number;
  #return: number;

  constructor(text: string) {
    this.#text = text;
    this.#feed = this.#next('\n', 0);
    this.#return = this.#next('\r', 0);
  }

  /** Starts of lines, in order, with all that are at or before `offset`. */
  upTo(offset: number): readonly number[] {
    const starts = this.#starts;
    while (starts[starts.length - 1]! <= offset) {
      if (this.#return < this.#feed) {
        const isPair = this.#return + 1 === this.#feed;
        if (!isPair) starts.push(this.#return + 1);
        this.#return = this.#next('\r', this.#return + 1);
      } else if (this.#feed < this.#text.length) {
        starts.push(this.#feed + 1);
        this.#feed = this.#next('\n', this.#feed + 1);
      } else break;
    }
    return starts;
  }

  #next(end: string, from: number): number {
    const at = this.#text.indexOf(end, from);
    return at < 0 ? this.#text.length + 1 : at;
  }
}
