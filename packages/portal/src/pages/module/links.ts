import { html } from 'hono/html';
import { type Html, shownWithin } from '../../page/shown.ts';
import type { Words } from '../../words/words.ts';
import { type ModulePath, moduleHref } from './frame.ts';

/** A function or a place of code, as answers have them. */
interface CodeFunction {
  readonly at: string;
  readonly place: string;
  readonly name?: string | undefined;
}

interface CodePlace {
  readonly at: string;
  readonly place: string;
  readonly in?: CodeFunction | undefined;
}

/** Characters of a name: C++ and Rust write some of thousands. */
const MAX_NAME = 160;

/** A function by its name, or its address where it has none, as a link to its code. */
export function functionLink(module: ModulePath, one: CodeFunction): Html {
  const name = one.name === undefined ? one.at : shownWithin(one.name, MAX_NAME);
  return html`<a class="mono" href="${moduleHref(module, 'code', { at: one.place })}">${name}</a>` as Html;
}

/** A place of code by its address and the function that holds it, as a link to it. */
export function codeLink(module: ModulePath, { at, place, in: within }: CodePlace): Html {
  const name = within?.name === undefined ? '' : html` ${shownWithin(within.name, MAX_NAME)}`;
  return html`<a class="mono" href="${moduleHref(module, 'code', { at: place })}#L${at}">${at}${name}</a>` as Html;
}

/** Places that refer to something: the first of them, and how many there are. */
export function codeLinks(
  { say }: Words,
  module: ModulePath,
  places: readonly CodePlace[],
  inAll: number,
  more?: string,
): Html {
  if (inAll === 0) return html`–` as Html;
  const rest = inAll - places.length;
  const said = say('module.more', { n: rest });
  return html`<ul class="plain">${places.map((one) => html`<li>${codeLink(module, one)}</li>`)}${
    rest <= 0
      ? ''
      : html`<li>${more === undefined ? said : html`<a href="${more}">${said}</a>`}</li>`
  }</ul>` as Html;
}
