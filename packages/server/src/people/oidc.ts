import { readFileSync } from 'node:fs';
import { Refused } from '@avow/bytes';
import type { Account } from '@avow/stores/people';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { API } from '../app/api.ts';
import type { App, AppContext } from '../app/env.ts';
import { addAccount } from './accounts.ts';
import { cookieOf, cookieText } from './cookies.ts';
import type { PeoplePorts } from './ports.ts';
import { secretDigest } from './secret.ts';

/** A service that people may sign in with (OpenID Connect Core 1.0). */
export interface Provider {
  /** In paths: `/session/oidc/ID`. */
  readonly id: string;
  /** As people know it. */
  readonly name: string;
  readonly issuer: string;
  readonly client: string;
  /** File that has the client's secret. */
  readonly secretFile: string;
}

/** How long a person may take at the provider. */
const LIFE = 10 * 60_000;
const COOKIE = 'avow-oidc';
const KIND = 'oidc';
const NAMES_TRIED = 20;

interface Begun {
  readonly provider: string;
  readonly verifier: string;
  readonly nonce: string;
  readonly next: string;
}

/**
 * Signing in with another service: the authorization code flow with PKCE (RFC
 * 7636), state and nonce. The way back counts only in the browser that began
 * it, so that nobody is signed in to another's account unawares.
 */
export function mountOidc(app: App, ports: PeoplePorts, providers: readonly Provider[]): void {
  const opened = new Map<string, Promise<Configuration>>();
  const configurationOf = ({ id, issuer, client, secretFile }: Provider) => {
    const known = opened.get(id);
    if (known !== undefined) return known;
    const secret = readFileSync(secretFile, 'utf8').trim();
    const isPlain = issuer.startsWith('http:');
    const options = isPlain ? { execute: [allowInsecureRequests] } : undefined;
    const configuration = discovery(new URL(issuer), client, secret, undefined, options);
    opened.set(id, configuration);
    // A provider that was away is asked again the next time.
    configuration.catch(() => opened.delete(id));
    return configuration;
  };
  const providerOf = (context: AppContext) => {
    const provider = providers.find(({ id }) => id === context.req.param('provider'));
    if (provider === undefined) throw new Refused('request.absent', undefined, 'nothing is here');
    return provider;
  };
  app.get(`${API}/session/oidc/:provider`, async (context) => {
    context.set('route', '/session/oidc/{provider}');
    const provider = providerOf(context);
    return begin(ports, provider, await configurationOf(provider), context);
  });
  app.get(`${API}/session/oidc/:provider/done`, async (context) => {
    context.set('route', '/session/oidc/{provider}/done');
    const provider = providerOf(context);
    return finish(ports, provider, await configurationOf(provider), context);
  });
}

function backTo({ url }: PeoplePorts, { id }: Provider): string {
  return `${url}${API}/session/oidc/${id}/done`;
}

async function begin(
  ports: PeoplePorts,
  provider: Provider,
  configuration: Configuration,
  context: AppContext,
): Promise<Response> {
  const state = randomState();
  const verifier = randomPKCECodeVerifier();
  const nonce = randomNonce();
  const next = localPath(context.req.query('next') ?? '/');
  const begun: Begun = { provider: provider.id, verifier, nonce, next };
  await ports.people.addChallenge({
    digest: secretDigest(state),
    kind: KIND,
    account: null,
    value: JSON.stringify(begun),
    expires: ports.now() + LIFE,
  });
  const target = buildAuthorizationUrl(configuration, {
    redirect_uri: backTo(ports, provider),
    scope: 'openid profile',
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  const life = { isHttps: ports.url.startsWith('https:'), seconds: LIFE / 1000 };
  return new Response(null, {
    status: 303,
    headers: { location: target.href, 'set-cookie': cookieText(COOKIE, state, life) },
  });
}

async function finish(
  ports: PeoplePorts,
  provider: Provider,
  configuration: Configuration,
  context: AppContext,
): Promise<Response> {
  const state = context.req.query('state') ?? '';
  const kept = await ports.people.takeChallenge(secretDigest(state), KIND, ports.now());
  const begun = kept && (JSON.parse(kept.value) as Begun);
  if (begun?.provider !== provider.id || cookieOf(context.req.raw, COOKIE) !== state) {
    throw new Refused(
      'access.credential',
      undefined,
      'this way back was not begun in this browser',
    );
  }
  const url = new URL(`${backTo(ports, provider)}${new URL(context.req.url).search}`);
  const claims = await authorizationCodeGrant(configuration, url, {
    pkceCodeVerifier: begun.verifier,
    expectedState: state,
    expectedNonce: begun.nonce,
    idTokenExpected: true,
  })
    .then((answer) => answer.claims())
    .catch(() => undefined);
  if (claims === undefined) {
    throw new Refused('access.credential', undefined, `${provider.name} did not confirm it`);
  }
  const account = await accountOf(ports, claims);
  const methods = Array.isArray(claims.amr) ? claims.amr : [];
  const isProved = methods.includes('mfa');
  const cookie = await ports.sessions.begin(account.id, isProved, context.req.raw);
  return new Response(null, {
    status: 303,
    headers: { location: begun.next, 'set-cookie': cookie },
  });
}

/** The account of a name at a provider; a new one at the first visit. */
async function accountOf(
  ports: PeoplePorts,
  claims: { readonly iss: string; readonly sub: string; readonly [name: string]: unknown },
): Promise<Account> {
  const { people } = ports;
  const known = await people.accountOutside(claims.iss, claims.sub);
  const account = known && (await people.account(known));
  if (account) return account;
  const wanted = [claims.preferred_username, claims.name].find((one) => typeof one === 'string');
  const added = await addNamed(ports, String(wanted ?? 'visitor').slice(0, 50));
  await people.addOutside(claims.iss, claims.sub, added.id);
  return added;
}

/** A name that is taken gets a number: whose it is at the provider says nothing here. */
async function addNamed(ports: PeoplePorts, wanted: string): Promise<Account> {
  for (let number = 1; number <= NAMES_TRIED; number++) {
    const name = number === 1 ? wanted : `${wanted} ${number}`;
    try {
      return await addAccount(ports, name, { password: null, email: null });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code === 'account.name') return addNamed(ports, 'visitor');
    }
  }
  return addAccount(ports, `${wanted} ${ports.now()}`, { password: null, email: null });
}

/** A path of this site and no other (WHATWG URL: `//` and backslashes lead elsewhere). */
function localPath(text: string): string {
  return /^\/(?![/\\])[^\s\\]*$/.test(text) && text.length < 4000 ? text : '/';
}
