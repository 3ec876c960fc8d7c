/** Steps of a verification, told one by one where everyone can see them; the words are the page's. */
export class Telling {
  readonly #list: HTMLElement;
  readonly #words: DOMStringMap;

  constructor(list: HTMLElement, words: DOMStringMap) {
    this.#list = list;
    this.#words = words;
    list.replaceChildren();
    list.className = 'steps';
  }

  /** A step; `name` is the words' name on the page, `{}` in them is `value`. */
  step(name: string, state: 'good' | 'bad' | 'open', value = ''): void {
    const line = document.createElement('li');
    line.className = state;
    line.textContent = (this.#words[name] ?? name).replace('{}', value);
    this.#list.append(line);
  }
}
