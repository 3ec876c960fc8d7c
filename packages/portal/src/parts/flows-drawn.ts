import { html } from 'hono/html';
import { type Html, shownWithin } from '../page/shown.ts';
import type { Words } from '../words/words.ts';
import { type DrawnFlow, flowPicture } from './flow-picture.ts';
import { empty, table } from './lists.ts';

/** Flows of a release as a picture, and each way in a table for whoever does not see it; its steps are on the release's page. */
export function flowsDrawn(words: Words, flows: readonly DrawnFlow[], release: number): Html {
  const { say } = words;
  if (flows.length === 0) return empty(words, 'release.no-flows') as Html;
  const ways = new Map(
    flows.map((flow) => [`${flow.source} ${flow.destination} ${flow.recipient}`, flow]),
  );
  const rows = [...ways.values()].map(({ source, destination, recipient }) => [
    words.word('feature', source),
    words.word('feature', destination),
    recipient === undefined ? '–' : shownWithin(recipient, 80),
  ]);
  const heads = [say('head.source'), say('head.destination'), say('head.recipient')];
  return html`${flowPicture(words, flows)}<details><summary>${say('flow.table')}</summary>${table(say('release.flows'), heads, rows)}</details>
<p><a href="/releases/${release}#flows">${say('flow.steps')}</a></p>` as Html;
}
