import type { AnswerOf, releases } from '@avow/server/contract';
import { html } from 'hono/html';
import { shown } from '../page/shown.ts';
import type { Words } from '../words/words.ts';
import { tag } from './tags.ts';

export type Release = AnswerOf<typeof releases.read>;

/** One line on a release: name, version, what came of examining it. */
export function releaseLine(words: Words, release: Release, withName: boolean) {
  const { examination } = release;
  const name = withName ? html`${shown(release.name)} ` : '';
  return html`<a href="/releases/${release.number}">${name}${shown(release.version)}</a>
${examination === undefined ? tag(words, 'state', release.state) : tag(words, 'answer', examination.answer)}
<span class="quiet small">${words.time(new Date(release.at))}${
    examination === undefined ? '' : html` · ${words.say('release.counts', countsOf(examination))}`
  }</span>`;
}

function countsOf({ features, flows, findings }: Release['examination'] & {}) {
  return { features, flows, findings };
}
