import type { People, Session } from '@avow/stores/people';
import { cookieOf, cookieText, sessionCookieName } from './cookies.ts';
import { newId, newSecret, secretDigest } from './secret.ts';

const DAY = 86_400_000;

/** How long a session lasts without a visit, and at most (NIST SP 800-63B, 4.2.3). */
export const SESSION_LIFE = { idle: 7 * DAY, whole: 30 * DAY } as const;

/** How long a second factor counts after it was proved. */
export const PROOF_LIFE = DAY / 2;

/** How long after signing in, or proving it again, one may change how one signs in. */
export const FRESH = 15 * 60_000;

/** Visits are written down no more often. */
const TOUCH_EVERY = 60_000;

/** Sessions: begun with a new secret each time, kept as digests, ended one by one. */
export class Sessions {
  readonly #people: People;
  readonly #isHttps: boolean;
  readonly #now: () => number;

  constructor(people: People, isHttps: boolean, now: () => number) {
    this.#people = people;
    this.#isHttps = isHttps;
    this.#now = now;
  }

  /** Begins a session and gives its `Set-Cookie`. What the browser had before is not used on: it may be a stranger's. */
  async begin(account: string, isProved: boolean, request: Request): Promise<string> {
    const before = this.#digestIn(request);
    if (before !== undefined) {
      const old = await this.#people.session(before, this.#now());
      if (old !== undefined) await this.#people.endSessions(old.account, { id: old.id });
    }
    const secret = newSecret();
    const now = this.#now();
    await this.#people.addSession({
      digest: secretDigest(secret),
      id: newId(),
      account,
      created: now,
      seen: now,
      expires: now + SESSION_LIFE.idle,
      proved: isProved ? now : 0,
      agent: agentOf(request.headers.get('user-agent') ?? ''),
    });
    return this.#cookie(secret, SESSION_LIFE.whole / 1000);
  }

  /** The session of a request; its life goes on with each visit. */
  async of(request: Request): Promise<Session | undefined> {
    const digest = this.#digestIn(request);
    if (digest === undefined) return undefined;
    const now = this.#now();
    const session = await this.#people.session(digest, now);
    if (session === undefined) return undefined;
    if (now - session.seen > TOUCH_EVERY) {
      const expires = Math.min(now + SESSION_LIFE.idle, session.created + SESSION_LIFE.whole);
      await this.#people.touchSession(digest, { seen: now, expires });
    }
    return session;
  }

  /** Notes that a second factor was proved. */
  async prove(session: Session): Promise<void> {
    await this.#people.touchSession(session.digest, { proved: this.#now() });
  }

  isProved({ proved }: Session): boolean {
    return proved > 0 && this.#now() - proved < PROOF_LIFE;
  }

  isFresh({ created, proved }: Session): boolean {
    return this.#now() - Math.max(created, proved) < FRESH;
  }

  /** The `Set-Cookie` that takes the session's cookie away. */
  get goneCookie(): string {
    return this.#cookie('', 0);
  }

  #cookie(value: string, seconds: number): string {
    const isHttps = this.#isHttps;
    return cookieText(sessionCookieName(isHttps), value, { isHttps, seconds });
  }

  #digestIn(request: Request): string | undefined {
    const secret = cookieOf(request, sessionCookieName(this.#isHttps));
    return secret === undefined || secret === '' ? undefined : secretDigest(secret);
  }
}

/** Enough of a browser's own description to know a session by, and no more. */
function agentOf(text: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari|curl)\//.exec(text)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(text)?.[1];
  return [NAMES[browser ?? ''] ?? browser, system].filter(Boolean).join(', ') || 'a program';
}

const NAMES: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera' };
