import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { App } from './app/env.ts';

/** A server that listens. */
export interface Listening {
  /** `http://127.0.0.1:8080`, with the port that the system gave. */
  readonly url: string;
  /** Takes no further connection, lets answers end for `graceMs`, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

/** A request's head has to be here by then; slow senders of heads hold no socket. */
const HEADERS_MS = 15_000;
/** Idle connections; above what usual proxies keep theirs for, so that the proxy closes first. */
const KEEP_ALIVE_MS = 65_000;

export async function listen(app: App, host: string, port: number): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.headersTimeout = HEADERS_MS;
  // Uploads and event streams are long; their own limits end them.
  server.requestTimeout = 0;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    stop: async (graceMs) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

/** A port that nobody listens at. */
export async function freePort(host: string): Promise<number> {
  const server = createServer();
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
