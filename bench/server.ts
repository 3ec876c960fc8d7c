/**
 * The service under load: so many requests a second, 95 in 100 of them reads,
 * at a real listener, over a catalogue of the size that is asked for.
 *
 * FEATURES (100000), PRODUCTS (1000), CLAIMS (1000), RATE (200), SECONDS (20),
 * DATABASE (SQLite in a temporary folder).
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { loggerOf, type Running, readConfig, serve } from '@avow/server';

const number = (name: string, usual: number) => Number(process.env[name] ?? usual);
const FEATURES = number('FEATURES', 100_000);
const PRODUCTS = number('PRODUCTS', 1_000);
const CLAIMS = number('CLAIMS', 1_000);
const RATE = number('RATE', 200);
const SECONDS = number('SECONDS', 20);
const TOKEN = 'bench-token-0123456789';
const AT = '2026-11-24T00:00:00.000Z';
const DIGEST = `sha256:${'0'.repeat(64)}` as const;
const KINDS = ['net.http', 'net.dns', 'file.any', 'env.named', 'exec.spawn', 'code.eval'];

async function measure(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'avow-bench-'));
  const limits = {
    'limits.uploadsAtOnce': 1e9,
    'limits.read': 1e9,
    'limits.write': 1e9,
    'limits.costly': 1e9,
  };
  const options = { port: 0, 'limits.proofOfWork': 0, 'workers.count': 0, ...limits };
  const database = process.env['DATABASE'];
  const read = readConfig({
    environment: {},
    data,
    options: { ...options, ...(database === undefined ? {} : { database }) },
  });
  const token = {
    name: 'bench',
    sha256: createHash('sha256').update(TOKEN).digest('hex'),
    grants: [],
    scopes: ['claim' as const],
  };
  const config = { ...read, tokens: [token] };
  const running = await serve({ config, log: loggerOf('error'), version: '0' });
  try {
    const seconds = await seed(running);
    console.log(
      `${FEATURES} features of ${PRODUCTS} products taken in ${seconds.toFixed(1)} s, ${Math.round(FEATURES / seconds)} a second`,
    );
    const worker = new Worker(new URL(import.meta.url), { workerData: { url: running.url } });
    const told = await new Promise<string>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
    });
    console.log(told);
    console.log(
      `memory of the server and its load: ${Math.round(process.memoryUsage.rss() / 1024 ** 2)} MiB`,
    );
  } finally {
    await running.stop();
    rmSync(data, { recursive: true });
  }
}

async function seed({ stores }: Running): Promise<number> {
  const start = performance.now();
  const each = Math.ceil(FEATURES / PRODUCTS);
  for (let product = 0; product < PRODUCTS; product++) {
    const target = `pkg:npm/product-${product}@1.0.0`;
    const release = await stores.catalogue.addRelease({
      name: `npm/product-${product}`,
      target,
      version: '1.0.0',
      digest: DIGEST,
      size: 1,
      isPublic: true,
      at: AT,
    });
    const examination = await stores.catalogue.beginExamination({
      release,
      document: DIGEST,
      engine: { version: '0', digest: DIGEST },
      rules: { update: 1, digest: DIGEST },
      answer: 'no-declaration',
      coverage: '{}',
      counts: { modules: 1, features: each, flows: 0, findings: 0, unknowns: 0 },
      at: AT,
    });
    const features = Array.from({ length: each }, (_, index) => ({
      id: `${product}-${index}`,
      feature: KINDS[index % KINDS.length]!,
      locator: `${target}#lib/module-${index % 40}.js @line:${index}:1`,
      recipient: index % 3 === 0 ? `host-${(product * 31 + index) % 5_000}.example.org` : null,
      at_time: 'call',
      rule: 'bench',
      evidence: `call${index % 997}(option${product % 89}, 'text ${index}')`,
      record: null,
    }));
    await stores.catalogue.putFeatures(examination, features);
    await stores.catalogue.finish(release, examination);
  }
  const seconds = (performance.now() - start) / 1000;
  for (let claim = 0; claim < CLAIMS; claim++) {
    const { id } = await stores.docket.write('bench', `claim ${claim}`);
    await stores.standing.add(id, 'public');
  }
  return seconds;
}

/** Open loop: requests leave when they are due, whether those before were answered or not. */
async function load({ url }: { url: string }): Promise<void> {
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
  const at = (share: number) => times[Math.floor(times.length * share)]!.toFixed(1);
  parentPort!.postMessage(
    `${RATE} requests a second for ${SECONDS} s: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, most ${times.at(-1)!.toFixed(0)} ms; ${JSON.stringify([...statuses])}`,
  );
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

if (isMainThread) await measure();
else await load(workerData as { url: string });
