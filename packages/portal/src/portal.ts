import type { Identity, Mount } from '@avow/server';
import { ServiceRefused } from '@avow/server/client';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { askWith } from './ask.ts';
import type { Assets } from './assets/assets.ts';
import { ICON } from './assets/icon.ts';
import { documentOf, type Page, THEMES, type Theme, type Visit } from './page/page.ts';
import { PAGE_POLICY } from './page/policy.ts';
import { absentPage, faultPage, problemPage } from './pages/error.ts';
import type { Asked, PageRoute } from './pages/route.ts';
import { ROUTES } from './pages/routes.ts';
import { keepLook, THEME_COOKIE } from './settings/look.ts';
import { chooseWords, LOCALE_COOKIE } from './words/locale.ts';
import type { Words } from './words/words.ts';

export interface PortalSettings {
  readonly assets: Assets;
  readonly words: ReadonlyMap<string, Words>;
  readonly providers?: Visit['providers'];
}

const FOREVER = 'public, max-age=31536000, immutable';

/**
 * The pages. They ask the API what any client may ask, with the visitor's own
 * session, within the process: no page knows more than its visitor may.
 */
export function portalMount(settings: PortalSettings): Mount {
  return (app) => {
    app.get('/assets/icon.svg', () =>
      answer(ICON, 'image/svg+xml', { 'cache-control': 'public, max-age=86400' }),
    );
    app.get('/assets/:file', (context) => {
      const asset = settings.assets.at(new URL(context.req.url).pathname);
      if (asset === undefined) return context.notFound();
      return answer(asset.bytes, asset.type, { 'cache-control': FOREVER });
    });
    app.post('/settings/look', (context) => keepLook(context, settings.words));
    const render = async (context: Context, route: PageRoute) => {
      const asked = askedOf(context, settings, (request) => app.fetch(request, context.env));
      context.set('route', route.path);
      const page = await pageOf(route, asked);
      return page instanceof Response ? page : sent(page, asked.visit, settings);
    };
    for (const route of ROUTES) {
      app.on(route.method ?? 'GET', route.path, (context) => render(context as Context, route));
    }
    const nothing: PageRoute = { path: '*', page: async ({ visit }) => absentPage(visit) };
    app.get('*', (context, next) =>
      isApi(context.req.path) ? next() : render(context as Context, nothing),
    );
  };
}

/** What is for programs answers for itself when it is not there. */
function isApi(path: string): boolean {
  return path.startsWith('/api/') || path.startsWith('/.well-known/') || path.startsWith('/log/');
}

async function pageOf(route: PageRoute, asked: Asked): Promise<Page | Response> {
  try {
    return await route.page(asked);
  } catch (error) {
    if (error instanceof ServiceRefused) return problemPage(asked.visit, error);
    if (!(error instanceof Error)) throw error;
    return faultPage(asked.visit, error);
  }
}

function askedOf(
  context: Context,
  { words: all, providers = [] }: PortalSettings,
  fetch: (request: Request) => Response | Promise<Response>,
): Asked {
  const url = new URL(context.req.url);
  const chosen = getCookie(context, LOCALE_COOKIE);
  const words = chooseWords(all, chosen, context.req.header('accept-language'));
  const visit: Visit = {
    words,
    locales: [...all.keys()],
    theme: themeOf(getCookie(context, THEME_COOKIE)),
    at: url.pathname + url.search,
    providers,
    ...signedInAs(context.get('identity')),
  };
  const cookie = context.req.header('cookie');
  const forwarded = context.req.header('x-forwarded-for');
  const headers = {
    origin: url.origin,
    'user-agent': context.req.header('user-agent') ?? '',
    ...(cookie === undefined ? {} : { cookie }),
    // Limits are each visitor's own behind a proxy too.
    ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
  };
  const client = askWith(url.origin, headers, fetch);
  return { visit, client, url, params: context.req.param(), request: context.req.raw };
}

/** Whoever has a role beyond claiming and making has a desk. */
function signedInAs(identity: Identity): Pick<Visit, 'account'> {
  if (identity.kind !== 'account') return {};
  const isStaff = identity.grants.some(({ role }) => role !== 'claimant' && role !== 'maker');
  return { account: { name: identity.name, isStaff } };
}

function themeOf(text: string | undefined): Theme {
  return THEMES.find((theme) => theme === text) ?? 'system';
}

async function sent(page: Page, visit: Visit, { assets }: PortalSettings): Promise<Response> {
  const text = await documentOf(page, visit, assets);
  return new Response(text, {
    status: page.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_POLICY,
      'cache-control': 'private, no-cache',
      // Forms send no origin under the stricter policy of the API's answers.
      'referrer-policy': 'same-origin',
      vary: 'accept-language, cookie',
    },
  });
}

function answer(
  body: Uint8Array | string,
  type: string,
  headers: Readonly<Record<string, string>>,
): Response {
  return new Response(body as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': type, ...headers },
  });
}
