import { classHighlighter, highlightTree } from '@lezer/highlight';
import { parser } from '@lezer/javascript';
import { html, raw } from 'hono/html';
import { type Html, plainly, shown } from '../page/shown.ts';

/** One line of code as it is shown. */
export interface CodeLine {
  /** Line number, offset or address. */
  readonly at: string;
  /** Where a piece of a long line begins, from 1; absent at its beginning. */
  readonly column?: number;
  readonly text: string;
  /** It is what was asked for. */
  readonly isHere: boolean;
  /** Canonical locator of the line, to link to and to claim. */
  readonly locator?: string;
  /** What was found in it. */
  readonly marks?: readonly Mark[];
}

export interface Mark {
  /** 1-based UTF-16 code unit. */
  readonly column: number;
  readonly title: string;
}

/** A line longer than this is minified code: it is folded to be readable, its columns stay true. */
const LONG_LINE = 400;

/** Highlighting stops here: colour is worth no waiting. */
const MAX_COLOURED = 200_000;

/** The highlighter's words for kinds of text, as our style sheet has them. */
const CLASSES: Readonly<Record<string, string>> = {
  'tok-keyword': 'k',
  'tok-operatorKeyword': 'k',
  'tok-bool': 'k',
  'tok-string': 's',
  'tok-string2': 's',
  'tok-comment': 'c',
  'tok-number': 'n',
};

/** Lines of code in a table: their numbers, what was found in them marked in place. `prefix` keeps rows of two tables apart. */
export function codeTable(
  lines: readonly CodeLine[],
  caption: string,
  isScript: boolean,
  prefix = '',
): Html {
  const coloured = isScript ? spansOf(lines) : undefined;
  const rows = lines.map((line, index) => {
    const id = line.column === undefined ? line.at : `${line.at}:${line.column}`;
    const name = line.column === undefined ? line.at : `:${line.column}`;
    const number = line.locator === undefined ? name : html`<a href="#L${prefix}${id}">${name}</a>`;
    const fold = line.text.length > LONG_LINE ? ' fold' : '';
    return html`<tr id="L${prefix}${id}" ${line.column === undefined ? '' : html`data-column="${line.column}"`} ${line.isHere ? html`class="here"` : ''} ${line.locator === undefined ? '' : html`data-locator="${line.locator}"`}><td class="at">${number}</td><td class="text${fold}">${lineText(line, coloured?.[index] ?? [])}</td></tr>`;
  });
  return html`<div class="code" role="region" tabindex="0" aria-label="${plainly(caption)}"><table><tbody>${rows}</tbody></table></div>` as Html;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly kind: string;
}

/** Colours of each line. A window into a file may begin within a text or comment: then the first lines are coloured wrongly, and no harm is done. */
function spansOf(lines: readonly CodeLine[]): readonly (readonly Span[])[] | undefined {
  // Pieces of one line are one line to the highlighter: a line end stands for nothing in it.
  const text = lines.map((line) => line.text).join('\n');
  if (text.length > MAX_COLOURED) return undefined;
  const starts: number[] = [];
  let start = 0;
  for (const line of lines) {
    starts.push(start);
    start += line.text.length + 1;
  }
  const spans: Span[][] = lines.map(() => []);
  let line = 0;
  highlightTree(
    parser.configure({ dialect: 'ts jsx' }).parse(text),
    classHighlighter,
    (from, to, names) => {
      const kind = names
        .split(' ')
        .map((name) => CLASSES[name])
        .find(Boolean);
      if (kind === undefined) return;
      while (line + 1 < starts.length && starts[line + 1]! <= from) line++;
      for (let at = line; at < lines.length && starts[at]! < to; at++) {
        const base = starts[at]!;
        const end = Math.min(to, base + lines[at]!.text.length);
        if (end > Math.max(from, base))
          spans[at]!.push({ from: Math.max(from, base) - base, to: end - base, kind });
      }
    },
  );
  return spans;
}

/** A line's text with its colours and marks; a mark goes from its column to the end of the word that stands there. */
function lineText({ text, marks = [] }: CodeLine, spans: readonly Span[]): Html {
  const cuts = new Set([0, text.length]);
  for (const { from, to } of spans) cuts.add(from).add(to);
  const marked = marks.map(({ column, title }) => {
    const from = Math.min(column - 1, text.length);
    const to = from + Math.max(1, /^[\w$.]*/.exec(text.slice(from))?.[0].length ?? 1);
    return { from, to: Math.min(to, text.length), title };
  });
  for (const { from, to } of marked) cuts.add(from).add(to);
  const edges = [...cuts].sort((a, b) => a - b);
  const pieces = edges.slice(0, -1).map((from, index) => {
    const piece = String(shown(text.slice(from, edges[index + 1]!))).replaceAll(/<\/?bdi>/g, '');
    const kind = spans.find((span) => span.from <= from && from < span.to)?.kind;
    const coloured = kind === undefined ? piece : `<span class="${kind}">${piece}</span>`;
    const mark = marked.find((one) => one.from <= from && from < one.to);
    return mark === undefined
      ? coloured
      : `<mark title="${attribute(mark.title)}">${coloured}</mark>`;
  });
  return raw(pieces.join(''));
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
