import { escaped } from '@avow/docket';
import type { Notice, Notices } from '@avow/stores/notices';
import { z } from 'zod';
import { sentText } from '../advisories/routes.ts';
import type { App } from '../app/env.ts';
import { type Fault, InvalidRequest } from '../app/problem.ts';
import { queryOf, validPart } from '../app/valid.ts';
import { NOTICE_KINDS, type Wanted, wantedQuery } from '../contract/notices.ts';
import type { NoticeKind } from '../notices/publish.ts';
import { saidOf } from '../notices/said.ts';
import { tagsWanted } from '../notices/tags.ts';

/** Of one feed; readers that come less often read the lists of the API. */
const MOST = 100;
const DAY_MS = 86_400_000;

/** What is wanted, and `kinds=advisory.published,advisory.changed`; absent: all. */
const QUERY = z.strictObject({
  ...wantedQuery,
  kinds: z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(NOTICE_KINDS)).min(1).max(NOTICE_KINDS.length))
    .optional(),
});
type Query = z.output<typeof QUERY>;

const FORMS = {
  atom: { type: 'application/atom+xml; charset=utf-8', print: atom },
  json: { type: 'application/feed+json; charset=utf-8', print: jsonFeed },
} as const;
type Form = keyof typeof FORMS;

/** Addresses of the feeds that have what is wanted. */
export function feedsOf(
  wanted: Wanted,
  kinds: readonly NoticeKind[],
  url: string,
): { readonly atom: string; readonly json: string } {
  const isAll = NOTICE_KINDS.every((kind) => kinds.includes(kind));
  const query = { ...wanted, ...(isAll ? {} : { kinds: [...kinds] }) };
  return { atom: addressOf('atom', query, url), json: addressOf('json', query, url) };
}

/** What became public as Atom and JSON Feed, narrowed by product, maker, host and feature. */
export function mountNoticeFeeds(
  app: App,
  notices: Notices,
  { url, name, now }: { readonly url: string; readonly name: string; readonly now: () => number },
): void {
  for (const form of ['atom', 'json'] as const) {
    const path = `/feeds/notices.${form}`;
    app.get(path, async (context) => {
      context.set('route', path);
      const faults: Fault[] = [];
      const query = validPart('query', QUERY, queryOf(new URL(context.req.url)), faults) as Query;
      if (faults.length > 0) throw new InvalidRequest(faults);
      const { kinds, ...wanted } = query;
      const found = await notices.newest(kinds ?? NOTICE_KINDS, tagsWanted(wanted), MOST);
      const feed: Feed = {
        address: addressOf(form, query, url),
        title: titleOf(name, query),
        name,
        home: url,
        updated: found[0]?.at ?? new Date(now() - (now() % DAY_MS)).toISOString(),
        items: found.map((notice) => itemOf(notice, url)),
      };
      return sentText(context, FORMS[form].print(feed), FORMS[form].type);
    });
  }
}

interface Item {
  readonly id: string;
  readonly title: string;
  readonly link: string;
  readonly at: string;
}

interface Feed {
  readonly address: string;
  readonly title: string;
  readonly name: string;
  readonly home: string;
  /** Of an empty one: this day. */
  readonly updated: string;
  /** The newest first. */
  readonly items: readonly Item[];
}

/** The same for the same question, in whatever order it was asked. */
function addressOf(
  form: Form,
  { product, maker, host, feature, kinds }: Query,
  url: string,
): string {
  const asked = { product, maker, host, feature, kinds };
  const search = new URLSearchParams(
    Object.entries(asked).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  ).toString();
  return `${url}/feeds/notices.${form}${search === '' ? '' : `?${search}`}`;
}

function titleOf(name: string, { product, maker, host, feature, kinds }: Query): string {
  const about = [
    product === undefined ? '' : `product ${product}`,
    maker === undefined ? '' : `maker ${maker}`,
    host ?? '',
    feature ?? '',
    ...(kinds ?? []),
  ].filter((part) => part !== '');
  return about.length === 0
    ? `What became public at ${name}`
    : `What became public at ${name}: ${about.join(', ')}`;
}

function itemOf(notice: Notice, url: string): Item {
  const { title, link } = saidOf(notice, url);
  return { id: `${url}/feeds/notices#${notice.number}`, title, link: link ?? url, at: notice.at };
}

/** Atom (RFC 4287). */
function atom({ address, title, name, home, updated, items }: Feed): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `  <id>${escaped(address)}</id>`,
    `  <title>${escaped(title)}</title>`,
    `  <author><name>${escaped(name)}</name></author>`,
    `  <link rel="self" type="application/atom+xml" href="${escaped(address)}"/>`,
    `  <link rel="alternate" type="text/html" href="${escaped(home)}/"/>`,
    `  <updated>${updated}</updated>`,
    ...items.map((item) =>
      [
        '  <entry>',
        `    <id>${escaped(item.id)}</id>`,
        `    <title>${escaped(item.title)}</title>`,
        `    <published>${item.at}</published>`,
        `    <updated>${item.at}</updated>`,
        `    <link rel="alternate" href="${escaped(item.link)}"/>`,
        `    <summary type="text">${escaped(item.title)}</summary>`,
        '  </entry>',
      ].join('\n'),
    ),
    '</feed>',
    '',
  ].join('\n');
}

/** JSON Feed 1.1. */
function jsonFeed({ address, title, name, home, items }: Feed): string {
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: `${home}/`,
    feed_url: address,
    authors: [{ name }],
    items: items.map(({ id, title: says, link, at }) => ({
      id,
      url: link,
      title: says,
      content_text: says,
      date_published: at,
    })),
  };
  return `${JSON.stringify(feed, undefined, 2)}\n`;
}
