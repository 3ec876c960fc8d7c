import type { Notice } from '@avow/stores/notices';
import { saidOf } from '../notices/said.ts';

/**
 * A digest of what is public: the subject has a number alone, since subjects are
 * shown on locked screens. What a product's maker wrote is cleaned of everything
 * that is not text.
 */
export function digestText(
  notices: readonly Notice[],
  url: string,
  end: string,
): { readonly subject: string; readonly text: string } {
  const count = `${notices.length} ${notices.length === 1 ? 'notice' : 'notices'}`;
  const lines = notices.map((notice) => lineOf(notice, url));
  const text = [
    `What became public at ${url}`,
    '',
    ...lines,
    '',
    'You get this because you asked for it. No more of it, by one click:',
    end,
    '',
  ].join('\n');
  return { subject: `Avow: ${count}`, text };
}

export function confirmText(
  url: string,
  confirm: string,
): { readonly subject: string; readonly text: string } {
  const text = [
    `Somebody, probably you, wants digests of what becomes public at ${url} sent to this address.`,
    '',
    'To have them, follow this link and say yes:',
    confirm,
    '',
    'If it was not you, do nothing: nothing more comes.',
    '',
  ].join('\n');
  return { subject: 'Avow: confirm your address', text };
}

function lineOf(notice: Notice, url: string): string {
  const { title, link } = saidOf(notice, url);
  const more = link === undefined ? '' : `\n  ${link}`;
  return `- ${notice.at.slice(0, 16).replace('T', ' ')}  ${title}${more}`;
}
