import type { Notice } from '@avow/stores/notices';
import type { NoticeKind } from './publish.ts';

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

/** A notice in a line, and the page that it is about. What a product's maker wrote is cleaned. */
export function saidOf(
  { kind, data }: Notice,
  url: string,
): { readonly title: string; readonly link?: string } {
  const told = JSON.parse(data) as Readonly<Record<string, unknown>>;
  const says = SAYS[kind as NoticeKind] ?? kind;
  const target = cleaned(String(told['target'] ?? told['name'] ?? ''));
  const title = `${says}: ${target}`;
  const [key, path] = PATHS.find(([one]) => told[one] !== undefined) ?? ['', ''];
  if (path === '') return { title };
  return { title, link: `${url}${path}${encodeURIComponent(String(told[key]))}` };
}

const MAX_NAME = 300;

/** Controls, line ends and marks that turn writing around are no part of a name. */
function cleaned(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').slice(0, MAX_NAME);
}
