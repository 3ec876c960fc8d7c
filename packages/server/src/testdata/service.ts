import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Identity, IdentityPort } from '../access/identity.ts';
import type { Api } from '../app/api.ts';
import type { App } from '../app/env.ts';
import type { OpenAppender } from '../logs/append.ts';
import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read.ts';
import { applicationOf } from '../serve/serve.ts';
import { type Opened, openStores } from '../serve/stores.ts';
import { workOn } from '../serve/work.ts';

/** A service in a folder of its own, without a listener; gone after the test. */
export interface TestService {
  readonly app: App;
  readonly api: Api;
  readonly stores: Opened;
  /** Asks as someone; `as` names one of the identities. */
  ask(method: string, path: string, more?: Asked): Promise<Response>;
  json(method: string, path: string, more?: Asked): Promise<{ status: number; body: any }>;
  close(): Promise<void>;
}

export interface Asked {
  readonly as?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whoever the header `x-test-as` names. */
export class TestIdentity implements IdentityPort {
  readonly #all: Readonly<Record<string, Identity>>;

  constructor(all: Readonly<Record<string, Identity>>) {
    this.#all = all;
  }

  async who(request: Request): Promise<Identity> {
    return this.#all[request.headers.get('x-test-as') ?? ''] ?? { kind: 'anonymous' };
  }
}

interface TestOptions {
  readonly hasWorkers?: boolean;
  readonly isRealIdentity?: boolean;
  readonly within?: string;
  readonly openAppender?: OpenAppender;
  /** What the options cannot say. */
  readonly more?: Partial<Config>;
}

const ORIGIN = 'http://service.test';

export async function testService(
  identities: Readonly<Record<string, Identity>> = {},
  options: Readonly<Record<string, string | number>> = {},
  { hasWorkers = false, isRealIdentity = false, within = tmpdir(), openAppender, more = {} }: TestOptions = {},
): Promise<TestService> {
  const data = mkdtempSync(join(within, 'avow-service-'));
  const read = readConfig({
    environment: {},
    data,
    options: { 'limits.read': 100_000, 'limits.write': 100_000, 'limits.costly': 100_000, 'limits.proofOfWork': 0, url: ORIGIN, ...options },
  });
  const config = { ...read, ...more };
  const opened = await openStores(config, ORIGIN);
  const stores: Opened = isRealIdentity
    ? opened
    : { ...opened, identity: new TestIdentity(identities) };
  const log = pino({ level: 'error' }, pino.destination(2));
  const { app, api } = applicationOf({ config, log, version: '0.0.0' }, stores, ORIGIN);
  const stop = new AbortController();
  const working = hasWorkers ? workOn(config, stores, log, stop.signal, openAppender) : Promise.resolve();
  const ask = async (method: string, path: string, { as, body, headers }: Asked = {}) => {
    const isBytes = body instanceof Uint8Array;
    const url = path.startsWith('/') ? `${ORIGIN}${path}` : `${ORIGIN}/api/v1/${path}`;
    return app.request(url, {
      method,
      headers: {
        ...(as === undefined ? {} : { 'x-test-as': as }),
        ...(body === undefined || isBytes ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isBytes ? body : JSON.stringify(body) }),
    } as RequestInit);
  };
  return {
    app,
    api,
    stores,
    ask,
    json: async (method, path, more) => {
      const response = await ask(method, path, more);
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    },
    close: async () => {
      stop.abort();
      stores.followers.stop();
      await working;
      await stores.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
