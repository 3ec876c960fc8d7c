import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, send, text } from './answer.ts';

/**
 * Serves until the signal or a SIGTERM; then answers what is under way and resolves.
 *
 * `whenListening` is told the address, also when the port was left to the system.
 */
export async function listen(
  address: { readonly host: string; readonly port: number },
  answer: (request: IncomingMessage) => Promise<Answer>,
  signal: AbortSignal,
  whenListening: (url: string) => void,
): Promise<void> {
  const server = createServer(async (request, response) => {
    try {
      send(response, await answer(request));
    } catch (error) {
      console.error(error);
      if (!response.headersSent) send(response, text(500, 'a fault of the server\n'));
    }
  });
  server.requestTimeout = 30_000;
  server.listen(address.port, address.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  whenListening(
    `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${port}/`,
  );
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    process.once('SIGTERM', () => resolve());
  });
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 2_000).unref();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

/** `host:port`, or a port alone for this machine only. */
export function parseAddress(text: string): { host: string; port: number } | undefined {
  const match = /^(?:(.+):)?(\d{1,5})$/.exec(text);
  if (match === null || Number(match[2]) > 65_535) return undefined;
  return { host: (match[1] ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1'), port: Number(match[2]) };
}
