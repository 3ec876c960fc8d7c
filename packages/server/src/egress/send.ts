import { lookup as systemLookup } from 'node:dns/promises';
import { request } from 'node:https';
import { isIP, isIPv6 } from 'node:net';
import { Refused } from '@avow/bytes';
import { egressUrl, isPublicAddress } from './guard.ts';

export interface Sent {
  readonly status: number;
}

export interface Sending {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Gives all addresses of a name. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** Sends a message to an address that somebody gave. */
export interface EgressPort {
  /** Refuses `egress.address`; rejects when nobody answers. */
  send(sending: Sending): Promise<Sent>;
}

/** A receiver has so long; what it does with a message is no reason to keep a socket. */
const TIMEOUT_MS = 15_000;

const LOOKUP: Lookup = async (host) =>
  (await systemLookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/**
 * Sends over HTTPS to public addresses alone: the name is resolved once, each of
 * its addresses is looked at, and the connection goes to the one that was looked
 * at, so that a name that means another address a moment later gains nothing.
 * No redirect is followed, and of an answer only its status is read.
 */
export function egress(lookup: Lookup = LOOKUP): EgressPort {
  return {
    send: async ({ url: text, headers, body }) => {
      const url = egressUrl(text);
      const address = await publicAddressOf(url, lookup);
      return post(url, address, headers, body);
    },
  };
}

/** One bad address among several is enough to refuse: which is taken must not be chance. */
export async function publicAddressOf(url: URL, lookup: Lookup): Promise<string> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host) === 0 ? await lookup(host) : [host];
  const [first] = addresses;
  if (first === undefined || !addresses.every(isPublicAddress)) {
    throw new Refused('egress.address', undefined, 'the name has an address that is not public');
  }
  return first;
}

function post(
  url: URL,
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Sent> {
  const bytes = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': bytes.length },
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        lookup: (_host, options, callback) => {
          const family = isIPv6(address) ? 6 : 4;
          // Node asks for a list or for one, as it likes.
          if (options.all) callback(null, [{ address, family }]);
          else callback(null, address, family);
        },
      },
      (response) => {
        response.destroy();
        resolve({ status: response.statusCode ?? 0 });
      },
    );
    sent.once('error', reject);
    sent.end(bytes);
  });
}
