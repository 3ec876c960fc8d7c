import type { Examination, ExaminedDatabase } from '@avow/examine';
import { sayGroup } from './record-words.ts';
import { sayChecks } from './records.ts';
import { shown } from './shown.ts';

/** Kinds of deed of one database on a page; the result as JSON has all. */
const GROUPS_SHOWN = 40;

/** The database updates of a product and those given beside it: what they are, what vouches for them, what they make it do. */
export function databasesHtml({ databases }: Examination): string {
  if (databases.length === 0) return '';
  return `<section><h2>Database updates</h2>${databases.map(databaseHtml).join('')}</section>`;
}

function databaseHtml(database: ExaminedDatabase): string {
  const {
    path,
    format,
    update,
    records,
    understood,
    digest,
    checks = [],
    beside,
    does = [],
  } = database;
  const facts: readonly (readonly [string, string])[] = [
    ['Format', format],
    ['Update', update === '' ? 'no number' : update],
    ['Records', `${records}, ${records - understood} not understood`],
    ...(digest === undefined ? [] : [['Digest', digest] as const]),
    ...(checks.length === 0 ? [] : [['Checked', sayChecks(checks)] as const]),
    ...checks.filter(({ state }) => state === 'bad').map(({ says }) => ['Wrong', says] as const),
    ...(beside === undefined
      ? []
      : [['Given beside as', `${beside.name}, ${beside.digest}`] as const]),
  ];
  const groups = does.filter(({ rank }) => rank !== 'low').slice(0, GROUPS_SHOWN);
  const items = groups.map(
    (group) =>
      `<li>${group.rank}: ${group.count} ${escaped(sayGroup(group))}; first at ${escaped(group.first)}</li>`,
  );
  const title = path === '' ? '(whole product)' : path;
  return `<h3>${escaped(title)}</h3><dl>${facts
    .map(([name, text]) => `<dt>${name}</dt><dd>${escaped(text)}</dd>`)
    .join('')}</dl>${items.length === 0 ? '' : `<ul>${items.join('')}</ul>`}`;
}

/** Control characters and bidi marks are shown, not obeyed; what HTML reads is escaped. */
function escaped(text: string): string {
  return shown(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
