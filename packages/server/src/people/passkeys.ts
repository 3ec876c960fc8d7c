import { Refused } from '@avow/bytes';
import type { Passkey } from '@avow/stores/people';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Api } from '../app/api.ts';
import { passkeys as routes } from '../contract/people.ts';
import { freshOf, ownOf, type PeoplePorts, signedIn } from './ports.ts';
import { secretDigest } from './secret.ts';

/** How long a browser may take to answer. */
const CHALLENGE_LIFE = 5 * 60_000;

type Credential = { readonly id: string; readonly response: { readonly clientDataJSON: string } };

/** Passkeys (WebAuthn Level 3): with user verification, so that one is two factors. */
export function answerPasskeys(api: Api, ports: PeoplePorts): void {
  const { people, url, title, now } = ports;
  const site = { expectedOrigin: new URL(url).origin, expectedRPID: new URL(url).hostname };
  const keep = async (kind: string, account: string | null, challenge: string) => {
    const expires = now() + CHALLENGE_LIFE;
    await people.addChallenge({
      digest: secretDigest(challenge),
      kind,
      account,
      value: '',
      expires,
    });
  };
  api.answer(routes.list, {
    handle: async (call) => {
      const { account } = await ownOf(ports, call);
      return { items: (await people.passkeys(account.id)).map(viewOf) };
    },
  });
  api.answer(routes.begin, {
    handle: async (call) => {
      const { account } = await freshOf(ports, call);
      const known = await people.passkeys(account.id);
      const options = await generateRegistrationOptions({
        rpName: title,
        rpID: site.expectedRPID,
        userName: account.name,
        userID: new Uint8Array(Buffer.from(account.id, 'base64url')),
        attestationType: 'none',
        excludeCredentials: known.map(({ id }) => ({ id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
      await keep('passkey.add', account.id, options.challenge);
      return { ...options };
    },
  });
  api.answer(routes.add, {
    handle: async (call) => {
      const { account, session } = await freshOf(ports, call);
      const { name, credential } = call.body;
      const challenge = await taken(ports, 'passkey.add', credential, account.id);
      const { registrationInfo } = await verified(() =>
        verifyRegistrationResponse({
          response: credential as never,
          expectedChallenge: challenge,
          requireUserVerification: true,
          ...site,
        }),
      );
      if (registrationInfo === undefined) throw wrong();
      const { id, publicKey, counter, transports } = registrationInfo.credential;
      const row: Passkey = {
        id,
        account: account.id,
        name,
        public_key: Buffer.from(publicKey).toString('base64url'),
        counter,
        transports: (transports ?? []).join(' '),
        created: now(),
        used: null,
      };
      if (!(await people.addPasskey(row))) throw wrong();
      await ports.sessions.prove(session);
      return viewOf(row);
    },
  });
  api.answer(routes.remove, {
    handle: async (call) => {
      const { account } = await freshOf(ports, call);
      const all = await people.passkeys(account.id);
      if (account.password === null && all.length === 1) {
        throw new Refused(
          'account.last-key',
          undefined,
          'it is the one way into the account: set a password first',
        );
      }
      if (!(await people.removePasskey(account.id, call.params.passkey))) {
        throw new Refused('request.absent', undefined, 'nothing is here');
      }
      return undefined;
    },
  });
  api.answer(routes.beginSignIn, {
    handle: async () => {
      const options = await generateAuthenticationOptions({
        rpID: site.expectedRPID,
        userVerification: 'required',
      });
      await keep('passkey.sign-in', null, options.challenge);
      return { ...options };
    },
  });
  api.answer(routes.signIn, {
    handle: async ({ body: { credential }, request }) => {
      const challenge = await taken(ports, 'passkey.sign-in', credential, null);
      const passkey = await people.passkey(credential.id);
      if (passkey === undefined) throw wrong();
      const { authenticationInfo } = await verified(() =>
        verifyAuthenticationResponse({
          response: credential as never,
          expectedChallenge: challenge,
          requireUserVerification: true,
          credential: {
            id: passkey.id,
            publicKey: new Uint8Array(Buffer.from(passkey.public_key, 'base64url')),
            counter: passkey.counter,
          },
          ...site,
        }),
      );
      await people.usePasskey(passkey.id, authenticationInfo.newCounter, now());
      const account = await people.account(passkey.account);
      if (account === undefined) throw wrong();
      await people.change(account.id, { failures: 0, locked_until: 0 });
      return signedIn(ports, account, true, request);
    },
  });
}

/** The challenge that a browser's answer is to, used up: an answer that was seen on its way is worth nothing. */
async function taken(
  { people, now }: PeoplePorts,
  kind: string,
  { response }: Credential,
  account: string | null,
): Promise<string> {
  let challenge: unknown;
  try {
    const text = Buffer.from(response.clientDataJSON, 'base64url').toString('utf8');
    challenge = (JSON.parse(text) as { challenge?: unknown }).challenge;
  } catch {
    throw wrong();
  }
  if (typeof challenge !== 'string') throw wrong();
  const kept = await people.takeChallenge(secretDigest(challenge), kind, now());
  if (kept === undefined || kept.account !== account) throw wrong();
  return challenge;
}

/** The library throws what is wrong; whoever tries learns no more than that it is. */
async function verified<Result extends { readonly verified: boolean }>(
  verify: () => Promise<Result>,
): Promise<Result> {
  const result = await verify().catch(() => undefined);
  if (result?.verified !== true) throw wrong();
  return result;
}

function wrong(): Refused {
  return new Refused('access.credential', undefined, 'the passkey was not accepted');
}

function viewOf({ id, name, created, used }: Passkey) {
  const at = new Date(created).toISOString();
  return used === null ? { id, name, at } : { id, name, at, used: new Date(used).toISOString() };
}
