import type { Context, Hono } from 'hono';
import type { Identity } from '../access/identity.ts';

/** What every request carries by the time that a route or a page answers it. */
export interface Env {
  Variables: {
    /** Of the request, as answers and the log have it. */
    request: string;
    identity: Identity;
    /** Where it comes from, for limits: a keyed hash that means nothing tomorrow. */
    place: string;
    /** Pattern of the route that answers, for the log and the metrics. */
    route: string;
  };
  Bindings: { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } };
}

export type AppContext = Context<Env>;
export type App = Hono<Env>;
