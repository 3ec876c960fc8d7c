import { parse } from 'parse5';
import type { ScriptDialect } from './goals.ts';
import { type AttributeText, attributeText, pieceText } from './html/attribute.ts';
import { type Piece, pageOffset } from './html/piece.ts';
import { type Attribute, type Element, elementsOf } from './html/walk.ts';
import type { ScriptTree } from './tree.ts';

export { type Piece, pageOffset };

/** A script within a page. */
export interface PageScript {
  /** As the engine gets it: an attribute's references (`&amp;`) decoded. */
  readonly text: string;
  /** A `handler` is the body of a function: `commonjs`, which may `return`. */
  readonly goal: ScriptTree['goal'];
  readonly language: ScriptDialect;
  readonly how: 'element' | 'handler' | 'url';
  /** Where runs of `text` stand in the page, ascending; see `pageOffset`. */
  readonly pieces: readonly Piece[];
}

/** A script that a page loads from elsewhere. */
export interface PageReference {
  readonly url: string;
  readonly goal: 'module' | 'script';
  /** The attribute's place in the page, UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

export interface Page {
  /** In the order of the text. */
  readonly scripts: readonly PageScript[];
  readonly references: readonly PageReference[];
}

export type PageDialect = 'html' | 'vue' | 'svelte';

/** Pages within pages (`srcdoc`): browsers go on, we stop here and take the rest as text. */
const MAX_SRCDOC = 3;

/**
 * Scripts of a page, as a browser finds them (HTML Living Standard, by
 * parse5): script elements, event handlers, `javascript:` URLs, and those of
 * `srcdoc`. Of Vue and Svelte files the script elements, which are modules;
 * expressions in their templates are not read.
 */
export function scriptsOfPage(text: string, dialect: PageDialect): Page {
  const scripts: PageScript[] = [];
  const references: PageReference[] = [];
  collect(text, dialect, 0, [{ at: 0, from: 0 }], scripts, references);
  return { scripts, references };
}

function collect(
  text: string,
  dialect: PageDialect,
  depth: number,
  pieces: readonly Piece[],
  scripts: PageScript[],
  references: PageReference[],
): void {
  const place = { pieces };
  for (const element of elementsOf(parse(text, { sourceCodeLocationInfo: true }))) {
    const handlers: PageScript[] = [];
    for (const attribute of element.attrs) {
      const value = attributeText(text, element, attribute);
      if (value === undefined) continue;
      const script = scriptOfAttribute(attribute, value);
      if (script !== undefined) handlers.push(script);
      else if (attribute.name === 'srcdoc' && depth < MAX_SRCDOC) {
        const inner = moved(value.pieces, place);
        collect(value.text, 'html', depth + 1, inner, scripts, references);
      }
    }
    for (const script of handlers) scripts.push({ ...script, pieces: moved(script.pieces, place) });
    if (element.tagName === 'script')
      takeScript(text, element, dialect, place, scripts, references);
  }
}

/** Places in an inner text, as places in the page. */
function moved(pieces: readonly Piece[], outer: Pick<PageScript, 'pieces'>): Piece[] {
  return pieces.map(({ at, from }) => ({ at, from: pageOffset(outer, from) }));
}

function takeScript(
  text: string,
  element: Element,
  dialect: PageDialect,
  place: Pick<PageScript, 'pieces'>,
  scripts: PageScript[],
  references: PageReference[],
): void {
  const goal = goalOf(element, dialect);
  if (goal === undefined) return;
  const src = element.attrs.find(({ name }) => name === 'src' || name === 'href');
  if (src !== undefined) {
    const location = element.sourceCodeLocation?.attrs?.[src.name];
    const start = pageOffset(place, location?.startOffset ?? 0);
    references.push({
      url: src.value.trim(),
      goal,
      start,
      end: pageOffset(place, location?.endOffset ?? 0),
    });
    return;
  }
  const inner = pieceText(text, element);
  if (inner === undefined) return;
  scripts.push({
    text: inner.text,
    goal,
    language: languageOf(element),
    how: 'element',
    pieces: moved(inner.pieces, place),
  });
}

/** Types that browsers run as a classic script: JavaScript's MIME types (WHATWG MIME Sniffing, 4.6). */
const CLASSIC =
  /^(?:(?:text|application)\/(?:x-)?(?:java|ecma)script|text\/(?:javascript1\.[0-5]|jscript|livescript))$/;
/** Types that a compiler on the page takes. */
const COMPILED = /^(?:text\/(?:babel|jsx|typescript|tsx|ts)|application\/(?:x-)?typescript)$/;

/** Undefined for what is data: templates, JSON, import maps. */
function goalOf(element: Element, dialect: PageDialect): 'module' | 'script' | undefined {
  const type = attributeOf(element, 'type');
  if (dialect !== 'html') return 'module';
  if (type === 'module') return 'module';
  if (COMPILED.test(type))
    return attributeOf(element, 'data-type') === 'module' ? 'module' : 'script';
  return type === '' || CLASSIC.test(type) ? 'script' : undefined;
}

function languageOf(element: Element): ScriptDialect {
  const lang = attributeOf(element, 'lang');
  if (lang === 'ts' || lang === 'typescript') return 'ts';
  if (lang === 'tsx') return 'tsx';
  return /typescript|\/tsx?$/.test(attributeOf(element, 'type')) ? 'tsx' : 'js';
}

function attributeOf(element: Element, name: string): string {
  const value = element.attrs.find((attribute) => attribute.name === name)?.value ?? '';
  return value.trim().toLowerCase();
}

const HANDLER = /^on[a-z]+$/;
/** URL Standard, 4.4: leading controls and spaces are dropped, tabs and line ends are anywhere. */
const SCRIPT_URL =
  /^[\0-\x20]*j[\t\n\r]*a[\t\n\r]*v[\t\n\r]*a[\t\n\r]*s[\t\n\r]*c[\t\n\r]*r[\t\n\r]*i[\t\n\r]*p[\t\n\r]*t[\t\n\r]*:/i;

function scriptOfAttribute(attribute: Attribute, value: AttributeText): PageScript | undefined {
  const isHandler = HANDLER.test(attribute.name);
  if (isHandler) return { ...value, goal: 'commonjs', language: 'js', how: 'handler' };
  const scheme = SCRIPT_URL.exec(value.text)?.[0].length;
  if (scheme === undefined) return undefined;
  const from = pageOffset(value, scheme);
  return {
    text: percentDecoded(value.text.slice(scheme)),
    goal: 'script',
    language: 'js',
    how: 'url',
    pieces: [{ at: 0, from }],
  };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
