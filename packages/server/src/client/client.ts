import type { z } from 'zod';
import type {
  AnswerOf,
  BodyInput,
  ParamsOf,
  problem as problemShape,
  QueryInput,
  Route,
} from '../contract/index.ts';

export type ProblemTold = z.output<typeof problemShape>;

/** The service said no: the code is the service's, with its page. */
export class ServiceRefused extends Error {
  override readonly name = 'Refused';
  readonly code: string;
  readonly found: string;
  readonly at = undefined;
  readonly status: number;
  readonly problem: ProblemTold;

  constructor(problem: ProblemTold) {
    super(`${problem.code}: ${problem.detail}`);
    this.code = problem.code;
    this.found = problem.detail;
    this.status = problem.status;
    this.problem = problem;
  }
}

export interface ClientOptions {
  /** `https://avow.example.org`. */
  readonly url: string;
  /** An API token; without one the caller is anonymous. */
  readonly token?: string;
  readonly fetch?: typeof fetch;
}

type Values<Part> = string extends keyof Part
  ? { readonly params?: never }
  : { readonly params: Readonly<Record<keyof Part, string | number>> };

/** The parts of a request that its route has. */
export type Given<R> = Values<ParamsOf<R>> & { readonly query?: QueryInput<R> } & ([
    BodyInput<R>,
  ] extends [never]
    ? { readonly body?: never }
    : { readonly body: BodyInput<R> });

/** Calls routes of the contract: what goes out and comes in has the contract's types. */
export class Client {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Refuses with the service's code (`ServiceRefused`), and `client.unreachable` when nobody answers. */
  async call<R extends Route>(route: R, given: Given<R>): Promise<AnswerOf<R>> {
    const { params, query, body } = given as LooseGiven;
    const response = await this.send(
      route,
      { params, query },
      {
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      },
    );
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as AnswerOf<R>;
  }

  /** The answer as it comes: for bytes and streams. Refuses as `call` does. */
  async send(route: Route, where: Omit<LooseGiven, 'body'>, init: RequestInit): Promise<Response> {
    const { url, token, fetch: given } = this.#options;
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    const method = route.method.toUpperCase();
    let response: Response;
    try {
      response = await (given ?? fetch)(
        `${url.replace(/\/$/, '')}/api/v1${addressOf(route, where)}`,
        {
          ...init,
          method,
          headers,
          redirect: 'error',
        },
      );
    } catch (error) {
      throw unreachable(url, error);
    }
    if (response.ok) return response;
    throw new ServiceRefused(await problemOf(response, url));
  }
}

interface LooseGiven {
  readonly params?: Readonly<Record<string, string | number>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
}

function addressOf(route: Route, { params = {}, query = {} }: Omit<LooseGiven, 'body'>): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size === 0 ? path : `${path}?${search}`;
}

async function problemOf(response: Response, url: string): Promise<ProblemTold> {
  const text = await response.text();
  try {
    const told = JSON.parse(text) as ProblemTold;
    if (typeof told.code === 'string') return told;
  } catch {
    // What is not ours is told as what it is.
  }
  const { status } = response;
  const detail = `${url} answers ${status} and is perhaps no Avow`;
  return { type: '', title: '', status, detail, code: 'client.answer', request: '' };
}

function unreachable(url: string, error: unknown): ServiceRefused {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  const why = cause?.code ?? cause?.message ?? (error as Error).message;
  const detail = `${url} is not reached: ${why}`;
  return new ServiceRefused({
    type: '',
    title: '',
    status: 0,
    detail,
    code: 'client.unreachable',
    request: '',
  });
}
