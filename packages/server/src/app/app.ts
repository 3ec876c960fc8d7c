import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Logger } from 'pino';
import type { IdentityPort } from '../access/identity.ts';
import { stackOf } from '../operate/fault.ts';
import type { Metrics } from '../operate/metrics.ts';
import { absent, TooMany } from './api.ts';
import type { App, AppContext, Env } from './env.ts';
import { secureHeaders } from './headers.ts';
import { assertOwnOrigin } from './origin.ts';
import type { Places } from './place.ts';
import { problemOf } from './problem.ts';

/** What every request needs, whatever it asks for. */
export interface AppPorts {
  /** Where others reach the service, without a slash at the end. */
  readonly url: string;
  readonly identity: IdentityPort;
  readonly places: Places;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** A part of the service: adds its routes. */
export type Mount = (app: App) => void;

/** The application without a listener: requests in, answers out. */
export function createApp(ports: AppPorts, mounts: readonly Mount[]): App {
  const app = new Hono<Env>();
  app.use(async (context, next) => {
    context.set('request', randomUUID());
    context.set('route', 'other');
    const start = performance.now();
    await next();
    told(context, ports, performance.now() - start);
  });
  app.use(secureHeaders(ports.url.startsWith('https:')));
  app.use(async (context, next) => {
    assertOwnOrigin(context.req.raw, [ports.url, new URL(context.req.url).origin]);
    const peer = context.env?.incoming?.socket?.remoteAddress;
    context.set('place', ports.places.of(context.req.raw, peer));
    context.set('identity', await ports.identity.who(context.req.raw));
    await next();
  });
  for (const mount of mounts) mount(app);
  app.notFound((context) => failed(context, absent(), ports.log));
  app.onError((error, context) => failed(context, error, ports.log));
  return app;
}

/** The answer to what went wrong; what is our fault is logged with its stack, and told to nobody. */
function failed(context: AppContext, error: unknown, log: Logger): Response {
  const problem = problemOf(error, context.get('request'));
  if (problem.status >= 500) {
    log.error({ request: problem.request, code: problem.code, stack: stackOf(error) }, 'fault');
  }
  const headers = new Headers({ 'content-type': 'application/problem+json; charset=utf-8' });
  if (error instanceof TooMany) headers.set('retry-after', String(error.seconds));
  if (problem.status === 401) headers.set('www-authenticate', 'Bearer realm="avow"');
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

/** One line a request: what it was, not who asked nor for what. */
function told(context: AppContext, { log, metrics }: AppPorts, ms: number): void {
  const { method } = context.req;
  const route = context.get('route');
  const { status } = context.res;
  metrics.request(KNOWN.has(method) ? method : 'OTHER', route, status, ms / 1000);
  context.res.headers.set('x-request-id', context.get('request'));
  log.info(
    { request: context.get('request'), method, route, status, ms: Math.round(ms) },
    'answered',
  );
}

const KNOWN = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
