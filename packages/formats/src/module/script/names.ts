import { WORDS } from './kinds.ts';

/** Gives each text one index; starts with `WORDS`. */
export class Names {
  readonly list: string[] = [...WORDS];
  readonly #ids = new Map<string, number>(WORDS.map((word, id) => [word, id]));

  idOf(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.list.length;
    this.#ids.set(text, id);
    this.list.push(text);
    return id;
  }
}
