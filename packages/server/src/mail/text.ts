import type { Notice } from '@avow/stores/notices';
import type { NoticeKind } from '../notices/publish.ts';

/** As a person reads it; every kind has its words. */
const SAYS: Readonly<Record<NoticeKind, string>> = {
  'release.examined': 'examined',
  'declaration.published': 'declared by its maker',
  'advisory.published': 'advisory published',
  'advisory.changed': 'advisory changed',
};

const PATHS: readonly (readonly [key: string, path: string])[] = [
  ['case', '/cases/'],
  ['release', '/releases/'],
  ['product', '/products/'],
];

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

function lineOf({ kind, at, data }: Notice, url: string): string {
  const told = JSON.parse(data) as Readonly<Record<string, unknown>>;
  const says = SAYS[kind as NoticeKind] ?? kind;
  const target = cleaned(String(told['target'] ?? told['name'] ?? ''));
  const [key, path] = PATHS.find(([one]) => told[one] !== undefined) ?? ['', ''];
  const link = path === '' ? '' : `\n  ${url}${path}${encodeURIComponent(String(told[key]))}`;
  return `- ${at.slice(0, 16).replace('T', ' ')}  ${says}: ${target}${link}`;
}

const MAX_NAME = 300;

/** Controls, line ends and marks that turn writing around are no part of a name. */
function cleaned(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').slice(0, MAX_NAME);
}
