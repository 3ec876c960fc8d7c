import type { z } from 'zod';
import type { Action } from '../access/rules.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head';

/** What comes back when it is no JSON: its media type. */
export type Media =
  | 'application/json; charset=utf-8'
  | 'application/octet-stream'
  | 'application/offset+octet-stream'
  | 'text/event-stream'
  | 'text/plain; charset=utf-8';

/**
 * One route of the API as data: the server answers it, the client calls it, the
 * OpenAPI document tells it, and the access matrix is made of it. A route
 * without an `access` does not compile.
 */
export interface Route<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly method: Method;
  /** As OpenAPI writes it: `/products/{product}`, below `/api/v1`. */
  readonly path: string;
  /** Name of the operation, `noun.verb`. */
  readonly id: string;
  readonly summary: string;
  readonly access: Action;
  readonly params?: Params;
  readonly query?: Query;
  /** JSON; or the media type of a body that is streamed. */
  readonly body?: Body | Media;
  readonly answer?: Answer | Media;
  /** 200, or 204 where there is no answer, unless told. */
  readonly status?: 200 | 201 | 202 | 204;
  /** What anonymous callers of one place may ask, in a minute; absent: the reading rate. */
  readonly rate?: 'write' | 'costly';
}

export function route<
  const Params extends z.ZodObject = z.ZodObject<Record<never, never>>,
  const Query extends z.ZodObject = z.ZodObject<Record<never, never>>,
  const Body extends z.ZodType = z.ZodNever,
  const Answer extends z.ZodType = z.ZodNever,
>(one: Route<Params, Query, Body, Answer>): Route<Params, Query, Body, Answer> {
  return one;
}

export type ParamsOf<R> =
  R extends Route<infer P, z.ZodObject, z.ZodType, z.ZodType> ? z.output<P> : never;
export type QueryOf<R> =
  R extends Route<z.ZodObject, infer Q, z.ZodType, z.ZodType> ? z.output<Q> : never;
export type QueryInput<R> =
  R extends Route<z.ZodObject, infer Q, z.ZodType, z.ZodType> ? z.input<Q> : never;
export type BodyOf<R> =
  R extends Route<z.ZodObject, z.ZodObject, infer B, z.ZodType> ? z.output<B> : never;
export type BodyInput<R> =
  R extends Route<z.ZodObject, z.ZodObject, infer B, z.ZodType> ? z.input<B> : never;
export type AnswerOf<R> =
  R extends Route<z.ZodObject, z.ZodObject, z.ZodType, infer A> ? z.output<A> : never;
