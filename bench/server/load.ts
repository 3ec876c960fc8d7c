import { Agent, request } from 'node:http';
import { CLAIMS, KINDS, PRODUCTS, RATE, SECONDS, TOKEN } from './size.ts';

/** What a load came to; times in milliseconds. */
export interface Loaded {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
  readonly statuses: ReadonlyMap<number, number>;
}

/** Open loop: requests leave when they are due, whether those before were answered or not. */
export async function load(url: string): Promise<Loaded> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const times: number[] = [];
  const statuses = new Map<number, number>();
  const all: Promise<void>[] = [];
  const start = performance.now();
  for (let sent = 0; sent < RATE * SECONDS; sent++) {
    const due = start + (sent * 1000) / RATE;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    all.push(
      one(agent, url, sent).then((status) => {
        times.push(performance.now() - due);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }),
    );
  }
  await Promise.all(all);
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: times.at(-1)!, statuses };
}

const READS: readonly ((n: number) => string)[] = [
  (n) => `/releases/${1 + (n % PRODUCTS)}`,
  (n) => `/features?release=${1 + (n % PRODUCTS)}`,
  (n) => `/features?recipient=host-${n % 5_000}.example.org`,
  (n) => `/features?feature=${KINDS[n % KINDS.length]}&limit=20`,
  (n) => `/features?q=call${n % 997}&limit=20`,
  (n) => `/products?q=product-${n % PRODUCTS}`,
  () => '/releases?limit=20',
  () => '/claims?limit=20',
  (n) => `/claims/claim-${1 + (n % CLAIMS)}`,
  () => '/advisories',
];

function one(agent: Agent, url: string, n: number): Promise<number> {
  const isWrite = n % 20 === 0;
  const read = READS[n % READS.length]!(Math.imul(n, 2_654_435_761) >>> 7);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` };
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/api/v1${isWrite ? '/uploads' : read}`,
      { agent, method: isWrite ? 'POST' : 'GET', headers: isWrite ? headers : {} },
      (response) => {
        response.resume().once('end', () => resolve(response.statusCode!));
      },
    );
    sent.once('error', reject);
    sent.end(isWrite ? '{"file": "a.tgz", "size": 1}' : undefined);
  });
}
