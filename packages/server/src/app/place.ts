import { createHmac, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';

/** Says where a request comes from, without keeping it: a hash under a key that this process alone has. */
export class Places {
  readonly #key = randomBytes(32);
  readonly #proxies: number;

  /** `proxies` in front append to X-Forwarded-For; what stands before theirs anyone can write. */
  constructor(proxies: number) {
    this.#proxies = proxies;
  }

  of(request: Request, peer: string | undefined): string {
    const told = (request.headers.get('x-forwarded-for') ?? '').split(',').map((one) => one.trim());
    const address = this.#proxies === 0 ? peer : told.at(-this.#proxies) || peer;
    return createHmac('sha256', this.#key)
      .update(network(address ?? ''))
      .digest('base64url')
      .slice(0, 22);
  }
}

/** One caller has a whole /64 of IPv6. */
function network(address: string): string {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(bare)) return bare;
  const [head = '', tail] = bare.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  const groups = [...first, ...Array<string>(Math.max(0, zeros)).fill('0'), ...last];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
