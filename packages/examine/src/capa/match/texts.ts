import { type TextPattern, textPattern } from '../rule/patterns.ts';

/** Texts whose features are remembered: a module repeats itself, and a larger one must not fill the memory. */
const MAX_REMEMBERED = 200_000;

/** Characters of a text that patterns meet; longer ones are data. */
const MAX_TEXT = 16_384;

/**
 * Characters that patterns are run over in one image, each pattern counted:
 * what honest programs of ten megabytes take is a hundredth of it.
 */
const MAX_WORK = 200_000_000;

/** What rules ask of texts: to be one, to hold one, to match a pattern. */
export class TextWatch {
  readonly #wholes = new Map<string, number[]>();
  readonly #parts: { readonly part: string; readonly id: number }[] = [];
  readonly #patterns: { readonly pattern: TextPattern; readonly id: number }[] = [];
  readonly #remembered = new Map<string, readonly number[]>();
  readonly #maxWork: number;
  #work = 0;

  constructor(maxWork = MAX_WORK) {
    this.#maxWork = maxWork;
  }

  /** Forgets the image before: what an image gives depends on it alone. */
  begin(): void {
    this.#remembered.clear();
    this.#work = 0;
  }

  /** Whether texts were more than patterns are run over. */
  get isCut(): boolean {
    return this.#work > this.#maxWork;
  }

  whole(text: string, id: number): void {
    const ids = this.#wholes.get(text) ?? [];
    ids.push(id);
    this.#wholes.set(text, ids);
  }

  part(part: string, id: number): void {
    this.#parts.push({ part, id });
  }

  /** A pattern that RE2 does not have is left out: its rule is listed as unsupported. */
  pattern(pattern: string, ignoresCase: boolean, id: number): void {
    const compiled = textPattern(pattern, ignoresCase);
    if (compiled !== undefined) this.#patterns.push({ pattern: compiled, id });
  }

  /** Features that a text is. */
  idsOf(text: string): readonly number[] {
    const known = this.#remembered.get(text);
    if (known !== undefined) return known;
    const ids = this.#find(text.slice(0, MAX_TEXT), this.#wholes.get(text) ?? []);
    if (this.#remembered.size < MAX_REMEMBERED) this.#remembered.set(text, ids);
    return ids;
  }

  #find(text: string, wholes: readonly number[]): readonly number[] {
    const ids = [...wholes];
    for (const { part, id } of this.#parts) if (text.includes(part)) ids.push(id);
    const lower = text.toLowerCase();
    for (const { pattern, id } of this.#patterns) {
      if (!pattern.mayBeIn(lower)) continue;
      this.#work += text.length;
      if (this.isCut) break;
      if (pattern.isIn(text)) ids.push(id);
    }
    return ids;
  }
}
