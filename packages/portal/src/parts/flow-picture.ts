import { html, raw } from 'hono/html';
import { type Html, shownWithin } from '../page/shown.ts';
import type { Words } from '../words/words.ts';

/** What a picture of flows needs of each. */
export interface DrawnFlow {
  readonly source: string;
  readonly destination: string;
  readonly recipient?: string | undefined;
  readonly gate?: string | undefined;
}

/** More ways than this are a tangle: the first are drawn, and the table beside the picture has them all. */
const MAX_DRAWN = 40;
const ROW = 34;
const BOX = { width: 250, height: 26 } as const;
const WIDTH = 720;
/** Letters that fit a box. */
const LETTERS = 29;

/**
 * Flows as a picture: sources on the left, destinations with their recipients on
 * the right, a line for each pair. Its words are in the table that stands beside
 * it, so it is named and otherwise passed over by screen readers.
 */
export function flowPicture(words: Words, all: readonly DrawnFlow[]): Html {
  const flows = firstWays(all);
  if (flows.length === 0) return html`` as Html;
  const from = [...new Set(flows.map(({ source }) => source))];
  const to = [...new Map(flows.map((flow) => [targetOf(flow), flow])).values()];
  const ways = [
    ...new Set(flows.map((flow) => `${from.indexOf(flow.source)} ${indexOf(to, flow)}`)),
  ];
  const rows = Math.max(from.length, to.length);
  const height = rows * ROW + 8;
  /** Spread over the whole height, so that ways do not leave from one spot. */
  const top = (index: number, count: number) =>
    Math.round(((rows * ROW) / count) * (index + 0.5) - BOX.height / 2 + 4);
  const lines = ways.map((way) => {
    const [a = 0, b = 0] = way.split(' ').map(Number);
    const y1 = top(a, from.length) + BOX.height / 2;
    const y2 = top(b, to.length) + BOX.height / 2;
    const x1 = BOX.width;
    const x2 = WIDTH - BOX.width;
    const middle = (x1 + x2) / 2;
    return `<path class="way" d="M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}"/>`;
  });
  const box = (x: number, y: number, side: 'from' | 'to', text: Html) =>
    html`<g transform="translate(${x} ${y})"><rect class="box ${side}" width="${BOX.width}" height="${BOX.height}" rx="5"/><text x="10" y="18">${text}</text></g>`;
  return html`<figure class="wide" role="group" tabindex="0" aria-label="${words.say('release.flows')}"><svg class="flow" viewBox="-1 0 ${WIDTH + 2} ${height}" width="${WIDTH + 2}" height="${height}" role="img" aria-label="${words.say('flow.picture', { from: from.length, to: to.length })}">
${raw(lines.join(''))}
${from.map((source, index) => box(0, top(index, from.length), 'from', lettersOf(words.word('feature', source))))}
${to.map((flow, index) => box(WIDTH - BOX.width, top(index, to.length), 'to', lettersOf(flow.recipient ?? words.word('feature', flow.destination))))}
</svg>${flows.length === all.length ? '' : html`<figcaption class="small quiet">${words.say('flow.first', { n: MAX_DRAWN })}</figcaption>`}</figure>` as Html;
}

/** Flows of the first ways; those that go a way which is drawn already add nothing. */
function firstWays(all: readonly DrawnFlow[]): readonly DrawnFlow[] {
  const ways = new Set<string>();
  return all.filter((flow) => {
    const way = `${flow.source} ${targetOf(flow)}`;
    if (ways.size < MAX_DRAWN) ways.add(way);
    return ways.has(way);
  });
}

function targetOf({ destination, recipient }: DrawnFlow): string {
  return `${destination} ${recipient ?? ''}`;
}

function indexOf(all: readonly DrawnFlow[], flow: DrawnFlow): number {
  return all.findIndex((one) => targetOf(one) === targetOf(flow));
}

/** SVG text knows no `bdi`: what is odd is marked as in HTML, without the isolation. */
function lettersOf(text: string): Html {
  return raw(
    String(shownWithin(text, LETTERS))
      .replaceAll(/<\/?bdi>/g, '')
      .replaceAll(/<span class="odd">/g, '<tspan class="odd">')
      .replaceAll('</span>', '</tspan>'),
  );
}
