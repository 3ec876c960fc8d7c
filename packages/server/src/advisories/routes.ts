import { Refused } from '@avow/bytes';
import { csafPath } from '@avow/docket';
import type { Api } from '../app/api.ts';
import type { App, AppContext } from '../app/env.ts';
import { isKnown, tagOf } from '../app/etag.ts';
import { PUBLIC_HEADERS } from '../app/headers.ts';
import { advisories } from '../contract/advisories.ts';
import type { Provider } from './provider.ts';

/** Where the provider's files are (CSAF 2.0, 7.1.8): its metadata has to be here. */
export const CSAF = '/.well-known/csaf';

/** Readers may keep a feed for a minute. */
const FRESH = 'public, max-age=60';
/** RFC 9116: less than a year; made anew with each answer. */
const EXPIRES_MS = 180 * 86_400_000;

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json; charset=utf-8',
  sarif: 'application/sarif+json; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  asc: 'application/pgp-keys',
};

export interface FeedSettings {
  readonly url: string;
  readonly contact: string | undefined;
  readonly now: () => number;
}

/** The CSAF provider with its feeds, and security.txt, for any origin. */
export function mountFeeds(app: App, provider: Provider, settings: FeedSettings): void {
  app.get(`${CSAF}/*`, async (context) => {
    context.set('route', CSAF);
    const path = decoded(context.req.path.slice(CSAF.length + 1));
    const text = path === undefined ? undefined : (await provider.site()).files.get(path);
    return text === undefined ? context.notFound() : sentText(context, text, typeOf(path!));
  });
  for (const [path, file] of [
    ['/feeds/advisories.atom', 'feed.atom'],
    ['/feeds/advisories.json', 'feed.json'],
    ['/feeds/advisories.rolie.json', 'white/feed-tlp-white.json'],
  ] as const) {
    app.get(path, async (context) => {
      context.set('route', path);
      const text = (await provider.site()).files.get(file)!;
      return sentText(context, text, file === 'feed.json' ? 'application/feed+json' : typeOf(file));
    });
  }
  app.get('/.well-known/security.txt', (context) => {
    context.set('route', '/.well-known/security.txt');
    return sentText(context, securityText(settings), 'text/plain; charset=utf-8');
  });
}

/** A path as it was before it was escaped; undefined when it is no UTF-8 then. */
function decoded(path: string): string | undefined {
  try {
    return decodeURI(path);
  } catch {
    return undefined;
  }
}

function typeOf(path: string): string {
  return TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'text/plain; charset=utf-8';
}

/** A public text with its tag; 304 to who has it. */
export function sentText(context: AppContext, text: string, type: string): Response {
  const tag = tagOf(text);
  const headers = { ...PUBLIC_HEADERS, 'content-type': type, 'cache-control': FRESH, etag: tag };
  if (isKnown(context.req.raw, tag)) return new Response(null, { status: 304, headers });
  return new Response(text, { headers });
}

/** RFC 9116. Claims go where claims are made; a contact of the operator stands first. */
function securityText({ url, contact, now }: FeedSettings): string {
  const expires = new Date(Math.floor(now() / 86_400_000) * 86_400_000 + EXPIRES_MS);
  return [
    ...(contact === undefined ? [] : [`Contact: ${contact}`]),
    `Contact: ${url}/claims/new`,
    `Expires: ${expires.toISOString()}`,
    `Canonical: ${url}/.well-known/security.txt`,
    `CSAF: ${url}${CSAF}/provider-metadata.json`,
    'Preferred-Languages: en',
    '',
  ].join('\n');
}

export function answerAdvisories(api: Api, provider: Provider): void {
  api.answer(advisories.list, {
    handle: async () => ({
      items: (await provider.site()).advisories.map((one) => ({
        id: one.id,
        title: one.title,
        outcome: one.outcome,
        target: one.target,
        locator: one.locator,
        said: one.said,
        summary: one.summary,
        published: one.revisions[0]!.at,
        updated: one.revisions.at(-1)!.at,
        csaf: `${CSAF}/white/${csafPath(one)}`,
      })),
    }),
  });
  api.answer(advisories.csaf, {
    handle: async ({ params }) => {
      const site = await provider.site();
      const found = site.advisories.find(({ id }) => id === params.advisory);
      const text = found && site.files.get(`white/${csafPath(found)}`);
      if (text === undefined) throw new Refused('request.absent', undefined, 'nothing is here');
      return new Response(text, { headers: { ...PUBLIC_HEADERS, 'content-type': TYPES['json']! } });
    },
  });
}
