import { Refused } from '@avow/bytes';
import type { Identity } from '../access/identity.ts';
import { type Answer as Access, may, SERVICE } from '../access/may.ts';
import { RULES } from '../access/rules.ts';
import type { Media, Route } from '../contract/route.ts';
import { type Answerer, type Call, type Loaded, Reply } from './call.ts';
import type { App, AppContext } from './env.ts';
import { isKnown, tagOf } from './etag.ts';
import { type Fault, InvalidRequest } from './problem.ts';
import type { Price, RatePort } from './rate.ts';
import { bodyOf, jsonOf, queryOf, validPart } from './valid.ts';

/** Where the API is. */
export const API = '/api/v1';

export interface ApiOptions {
  readonly rates: RatePort;
  /** Bytes of a JSON body. */
  readonly maxBody: number;
}

/** Binds routes of the contract to what answers them: validation, access and limits are the same for all. */
export class Api {
  readonly routes: Route[] = [];
  readonly #app: App;
  readonly #options: ApiOptions;

  constructor(app: App, options: ApiOptions) {
    this.#app = app;
    this.#options = options;
  }

  /** A route whose rule is of an object has to say how that is found. */
  answer<R extends Route, Value = undefined>(route: R, answerer: Answerer<R, Value>): void {
    if (RULES[route.access].of !== 'service' && answerer.object === undefined) {
      throw new TypeError(`${route.id} does not say how its object is found`);
    }
    this.routes.push(route);
    const path = `${API}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    this.#app.on(route.method.toUpperCase(), path, async (context) => {
      context.set('route', route.path);
      return this.#respond(context, route, answerer);
    });
  }

  async #respond<R extends Route, Value>(
    context: AppContext,
    route: R,
    answerer: Answerer<R, Value>,
  ): Promise<Response> {
    const identity = context.get('identity');
    await this.#takeRate(route, identity, context.get('place'));
    const call = await this.#callOf<R>(context, route, identity);
    const loaded = await objectOf(call, answerer);
    assertMay(identity, route, loaded);
    const body = await this.#bodyOf(route, call.request);
    const answer = await answerer.handle({ ...call, ...body }, loaded?.value as Value);
    if (answer instanceof Response) return answer;
    return sent(context, route, answer);
  }

  async #takeRate(route: Route, identity: Identity, place: string): Promise<void> {
    const price: Price = route.rate ?? (route.method === 'get' ? 'read' : 'write');
    const who = identity.kind === 'anonymous' ? `place ${place}` : `account ${identity.id}`;
    const wait = await this.#options.rates.take(who, price);
    if (wait > 0) throw new TooMany(wait);
  }

  /** All but the body: nobody's body is read before it is known that they may send one. */
  async #callOf<R extends Route>(
    context: AppContext,
    route: R,
    identity: Identity,
  ): Promise<Call<R>> {
    const request = context.req.raw;
    const faults: Fault[] = [];
    const params = validPart('path', route.params, context.req.param(), faults);
    const query = validPart('query', route.query, queryOf(new URL(request.url)), faults);
    if (faults.length > 0) throw new InvalidRequest(faults);
    const place = context.get('place');
    return { params, query, body: undefined, identity, place, request } as Call<R>;
  }

  async #bodyOf(route: Route, request: Request): Promise<object> {
    if (route.body === undefined || typeof route.body === 'string') return {};
    const faults: Fault[] = [];
    const { maxBody } = this.#options;
    const isLeftOut = mayBeLeftOut(route) && (await isEmpty(request, maxBody));
    const given = isLeftOut ? {} : await jsonOf(request, maxBody);
    const body = validPart('body', route.body, given, faults);
    if (faults.length > 0) throw new InvalidRequest(faults);
    return { body };
  }
}

/** A body of which nothing is required need not be sent. */
export function mayBeLeftOut({ body }: Route): boolean {
  return typeof body === 'object' && body.safeParse({}).success;
}

async function isEmpty(request: Request, most: number): Promise<boolean> {
  return request.headers.get('content-type') === null && (await bodyOf(request, most)).length === 0;
}

/** The caller has to wait. */
export class TooMany extends Refused {
  readonly seconds: number;

  constructor(seconds: number) {
    super('request.too-many', undefined, `ask again in ${seconds} s`);
    this.seconds = seconds;
  }
}

async function objectOf<R, Value>(
  call: Call<R>,
  answerer: Answerer<R, Value>,
): Promise<Loaded<Value> | undefined> {
  if (answerer.object === undefined) return undefined;
  const loaded = await answerer.object(call);
  if (loaded === undefined) throw absent();
  return loaded;
}

/** What is not there and what is not to be seen are told in the same words. */
export function absent(): Refused {
  return new Refused('request.absent', undefined, 'nothing is here');
}

function assertMay(
  identity: Identity,
  { access }: Route,
  loaded: Loaded<unknown> | undefined,
): void {
  const answer: Access = may(identity, access, loaded?.facts ?? SERVICE);
  switch (answer) {
    case 'yes':
      return;
    case 'hidden':
      throw absent();
    case 'sign-in':
      throw new Refused('access.sign-in', undefined, 'this is for people who are signed in');
    case 'forbidden':
      throw new Refused(
        'access.forbidden',
        undefined,
        `this is for ${RULES[access].who.join(', ')}`,
      );
    case 'second-factor':
      throw new Refused('access.second-factor', undefined, 'this needs your second factor');
    case 'scope':
      throw new Refused('access.scope', undefined, `the token is not for "${RULES[access].scope}"`);
    default:
      answer satisfies never;
  }
}

function sent(context: AppContext, route: Route, answer: unknown): Response {
  const reply = answer instanceof Reply ? answer : new Reply(answer);
  const status = route.status ?? (route.answer === undefined ? 204 : 200);
  const headers = new Headers(reply.headers);
  if (reply.value === undefined) return new Response(null, { status, headers });
  const text = JSON.stringify(reply.value);
  headers.set('content-type', 'application/json; charset=utf-8');
  if (route.method === 'get') {
    const tag = headers.get('etag') ?? tagOf(text);
    headers.set('etag', tag);
    const isPrivate = context.get('identity').kind !== 'anonymous';
    headers.set('vary', 'authorization, cookie');
    if (!headers.has('cache-control')) {
      headers.set('cache-control', isPrivate ? 'private, no-cache' : 'no-cache');
    }
    if (isKnown(context.req.raw, tag)) return new Response(null, { status: 304, headers });
  }
  return new Response(text, { status, headers });
}

export function isMedia(body: unknown): body is Media {
  return typeof body === 'string';
}
