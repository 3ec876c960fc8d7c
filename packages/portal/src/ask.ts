import { Client } from '@avow/server/client';
import type { AnswerOf, BodyInput, ParamsOf, QueryInput, Route } from '@avow/server/contract';

/** What a call of a route takes; parts that the route does not have are left out. */
export interface Input<R> {
  readonly params?: ParamsOf<R>;
  readonly query?: QueryInput<R>;
  readonly body?: BodyInput<R>;
}

/** The API, as one visitor may use it. Both refuse with the service's code (`ServiceRefused`). */
export interface Ask {
  ask<R extends Route>(route: R, input?: Input<R>): Promise<AnswerOf<R>>;
  /** The whole response, for its cookies. */
  send<R extends Route>(route: R, input?: Input<R>): Promise<Response>;
  /** A route whose body is bytes. */
  stream<R extends Route>(
    route: R,
    where: Omit<Input<R>, 'body'>,
    bytes: Uint8Array,
    headers: Readonly<Record<string, string>>,
  ): Promise<AnswerOf<R>>;
  /** A path beside the API. */
  fetch(path: string): Promise<Response>;
}

/** Asks within the process: `fetch` is the application's own, `headers` are the visitor's. */
export function askWith(
  url: string,
  headers: Readonly<Record<string, string>>,
  fetch: (request: Request) => Response | Promise<Response>,
): Ask {
  const client = new Client({
    url,
    fetch: async (address, init) => {
      const request = new Request(address, init);
      for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
      return fetch(request);
    },
  });
  return {
    fetch: async (path) => fetch(new Request(`${url}${path}`, { headers })),
    stream: async (route, { params, query }, bytes, own) => {
      const init = {
        body: bytes as Uint8Array<ArrayBuffer>,
        headers: { 'content-type': String(route.body), ...own },
      };
      const where = { params: params as never, query: query as never };
      return (await (await client.send(route, where, init)).json()) as never;
    },
    ask: (route, input = {}) => client.call(route, input as never),
    send: (route, { params, query, body } = {}) =>
      client.send(
        route,
        { params: params as never, query: query as never },
        body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
      ),
  };
}
