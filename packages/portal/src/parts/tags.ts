import { html } from 'hono/html';
import type { Words } from '../words/words.ts';

type Tone = 'good' | 'warn' | 'bad' | 'unknown' | '';

/** How grave each word of ours is: the colour of its tag, never its only sign. */
const TONES: Readonly<Record<string, Tone>> = {
  critical: 'bad',
  high: 'bad',
  medium: 'warn',
  low: '',
  undeclared: 'bad',
  contradicts: 'bad',
  declared: 'good',
  'none-found': 'good',
  'no-declaration': 'unknown',
  incomplete: 'unknown',
  unread: 'unknown',
  partly: 'unknown',
  read: 'good',
  examined: 'good',
  waiting: 'warn',
  refused: 'bad',
};

/** A word of ours as a small label; `family` is where its words are: `rank`, `answer`, `state`. */
export function tag(words: Words, family: string, name: string) {
  return html`<span class="tag ${TONES[name] ?? ''}">${words.word(family, name)}</span>`;
}
