import type { PageDialect } from '@avow/formats';

/** Where a template first has an expression; undefined where it has none. */
export interface TemplateExpression {
  readonly start: number;
  readonly end: number;
}

/** `{{ … }}`, `v-on:click="…"`, `@click="…"`, `:href="…"`, `#item="…"` (Vue 3, Template Syntax). */
const VUE = /\{\{|\s(?:v-[a-z]{1,32}|[@:#][a-zA-Z])[\w.:\-[\]]{0,128}\s{0,8}=/;

/** `{…}` anywhere is one (Svelte 5, Basic markup). */
const SVELTE = /\{/;

/** Elements whose text is no template. */
const NO_TEMPLATE = ['script', 'style'];

/** The first expression of a component's template, which runs and is not read. */
export function expressionInTemplate(
  text: string,
  dialect: PageDialect,
): TemplateExpression | undefined {
  if (dialect === 'html') return undefined;
  let rest = text;
  for (const name of NO_TEMPLATE) rest = blanked(rest, `<${name}`, `</${name}`);
  rest = blanked(rest, '<!--', '-->');
  const found = (dialect === 'vue' ? VUE : SVELTE).exec(rest);
  if (found === null) return undefined;
  return { start: found.index, end: found.index + found[0].length };
}

/** The text with blanks from each `open` to its `close`, of the same length. */
function blanked(text: string, open: string, close: string): string {
  let kept = '';
  let at = 0;
  for (let from = text.indexOf(open); from >= 0; from = text.indexOf(open, at)) {
    const to = text.indexOf(close, from);
    const end = to < 0 ? text.length : to + close.length;
    kept += text.slice(at, from) + ' '.repeat(end - from);
    at = end;
  }
  return kept + text.slice(at);
}
