import type { Identity } from '../access/identity.ts';
import type { ObjectFacts } from '../access/may.ts';
import type { AnswerOf, BodyOf, ParamsOf, QueryOf } from '../contract/route.ts';

/** A request whose parts are valid and whose maker may make it. */
export interface Call<R> {
  readonly params: ParamsOf<R>;
  readonly query: QueryOf<R>;
  readonly body: BodyOf<R>;
  readonly identity: Identity;
  readonly place: string;
  readonly request: Request;
}

/** An object with what decides who may do something to it. */
export interface Loaded<Value> {
  readonly facts: ObjectFacts;
  readonly value: Value;
}

/** An answer with more than its body. */
export class Reply<Value> {
  readonly value: Value;
  readonly headers: Readonly<Record<string, string>>;

  constructor(value: Value, headers: Readonly<Record<string, string>> = {}) {
    this.value = value;
    this.headers = headers;
  }
}

export interface Answerer<R, Value> {
  /** The object of the route's rule, by the address; undefined: there is none. */
  object?(call: Call<R>): Promise<Loaded<Value> | undefined>;
  handle(
    call: Call<R>,
    object: Value,
  ): Promise<AnswerOf<R> | Reply<AnswerOf<R>> | Response | undefined>;
}
