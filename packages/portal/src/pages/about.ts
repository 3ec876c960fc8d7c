import { html } from 'hono/html';
import type { Page } from '../page/page.ts';
import type { Asked } from './route.ts';

const PARTS = ['what', 'claims', 'privacy', 'verify'] as const;

/** What this is, by whose rules, and what is kept of visitors. */
export async function aboutPage({ visit: { words } }: Asked): Promise<Page> {
  const { say } = words;
  return {
    title: say('foot.about'),
    body: html`<h1>${say('foot.about')}</h1>${PARTS.map((part) => html`<h2>${say(`about.${part}`)}</h2><p>${say(`about.${part}-says`)}</p>`)}`,
  } as Page;
}
