import { startSite, type TestSite } from './site.ts';

/** Role, and the maker that it is for; `isProved`: with a second factor. */
interface Person {
  readonly role?: string;
  readonly maker?: string;
  readonly isProved?: boolean;
}

/** Everyone who may come to the pages. `ann` owns the objects of tests, `pat` takes part in her case, `acme` makes her product. */
export const PEOPLE = {
  account: {},
  ann: {},
  pat: {},
  mia: { role: 'maker', maker: 'acme' },
  max: { role: 'maker', maker: 'other' },
  ina: { role: 'investigator', isProved: true },
  lea: { role: 'lead', isProved: true },
  pia: { role: 'publisher', isProved: true },
  ada: { role: 'administrator', isProved: true },
  leo: { role: 'lead' },
} as const satisfies Readonly<Record<string, Person>>;

export type Visitor = 'anonymous' | keyof typeof PEOPLE;

/** A site with people who are signed in. */
export interface PeopledSite extends TestSite {
  /** `NAME=VALUE` of the session of each, but the anonymous. */
  readonly cookies: ReadonlyMap<string, string>;
  /** Asks as a browser does: `form` is sent as one. */
  ask(
    as: Visitor,
    path: string,
    form?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }>;
}

export async function startPeopled(file?: string): Promise<PeopledSite> {
  const site = await startSite(file);
  const { people, sessions, now } = site.running.stores;
  const cookies = new Map<string, string>();
  for (const [id, { role, maker = '', isProved = false }] of Object.entries(
    PEOPLE as Readonly<Record<string, Person>>,
  )) {
    const common = { email: null, password: null, created: now() };
    await people.addAccount({ id, name: id, name_key: id, ...common });
    if (role !== undefined) {
      await people.grant({ account: id, role, maker, given_by: 'ada', created: now() });
    }
    const cookie = await sessions.begin(id, isProved, new Request(site.url));
    cookies.set(id, cookie.split(';')[0]!);
  }
  return {
    ...site,
    cookies,
    ask: async (as, path, form) => {
      const cookie = cookies.get(as);
      const response = await fetch(`${site.url}${path}`, {
        redirect: 'manual',
        headers: {
          origin: site.url,
          'accept-language': 'en',
          ...(cookie === undefined ? {} : { cookie }),
        },
        ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
  };
}
