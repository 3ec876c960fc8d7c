import type { AnswerOf, BodyInput, ParamsOf, QueryInput, Route } from '../contract/route.ts';

/** What a call of a route takes; parts that the route does not have are left out. */
export interface Input<R> {
  readonly params?: ParamsOf<R>;
  readonly query?: QueryInput<R>;
  readonly body?: BodyInput<R> | Uint8Array | ReadableStream<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ClientOptions {
  /** Where the service is, without a slash at the end. */
  readonly url: string;
  /** `fetch`, or an application's own `fetch` within one process. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** Sent with every call: a token, a cookie, a language. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the service said no with: problem details (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  /** Of the request, as the service's log has it. */
  readonly request: string;
  readonly faults: readonly { readonly at: string; readonly says: string }[];

  constructor(status: number, problem: Partial<ProblemError> & { readonly detail?: string }) {
    super(problem.detail ?? `the service answered with status ${status}`);
    this.status = status;
    this.code = problem.code ?? 'request.failed';
    this.request = problem.request ?? '';
    this.faults = problem.faults ?? [];
  }
}

/** Calls of the API, typed by the contract's routes. */
export interface Client {
  /** The JSON answer of a route. Throws `ProblemError`. */
  ask<R extends Route>(route: R, input?: Input<R>): Promise<AnswerOf<R>>;
  /** The whole response, of routes whose answer is no JSON. Throws `ProblemError`. */
  send<R extends Route>(route: R, input?: Input<R>): Promise<Response>;
}

/** A client of one service. It keeps nothing between calls. */
export function createClient(options: ClientOptions): Client {
  const send: Client['send'] = async (route, input = {}) => {
    const response = await options.fetch(requestOf(options, route, input));
    if (response.ok || response.status === 304) return response;
    throw new ProblemError(response.status, await problemIn(response));
  };
  return {
    send,
    ask: async (route, input) => {
      const response = await send(route, input);
      return (response.status === 204 ? undefined : await response.json()) as never;
    },
  };
}

function requestOf<R extends Route>(
  { url, headers: common }: ClientOptions,
  route: R,
  { params, query, body, headers: own }: Input<R>,
): Request {
  const values = (params ?? {}) as Readonly<Record<string, unknown>>;
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(values[name])),
  );
  const target = new URL(`${url}/api/v1${path}`);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) target.searchParams.set(name, String(value));
  }
  const headers = new Headers({ accept: 'application/json', ...common, ...own });
  const method = route.method.toUpperCase();
  if (body === undefined) return new Request(target, { method, headers });
  const isStreamed = typeof route.body === 'string';
  headers.set('content-type', isStreamed ? String(route.body) : 'application/json');
  return new Request(target, {
    method,
    headers,
    body: isStreamed ? body : JSON.stringify(body),
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as ConstructorParameters<typeof Request>[1]);
}

async function problemIn(response: Response): Promise<Partial<ProblemError>> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) return {};
  return (await response.json()) as Partial<ProblemError>;
}
