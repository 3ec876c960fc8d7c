import { containing, type FlowJob, type FlowResult } from '@avow/examine/product';
import type { Frame } from '../frame.ts';
import { Ask } from './protocol.ts';

/** Our side of following one product: answers what the child asks, until it gives the result. */
export class Conversation {
  /** Undefined when the child ended before it gave one. */
  readonly result: Promise<FlowResult | undefined>;
  readonly #job: FlowJob;
  readonly #send: (payload: Uint8Array) => void;
  readonly #find: (text: string) => readonly string[];
  readonly #settle: PromiseWithResolvers<FlowResult | undefined>;

  constructor(job: FlowJob, send: (payload: Uint8Array) => void) {
    this.#job = job;
    this.#send = send;
    this.#find = containing(job);
    this.#settle = Promise.withResolvers();
    this.result = this.#settle.promise;
  }

  /** Whether that was the result. Throws on what no honest child says. */
  receive({ number, payload }: Frame): boolean {
    const text = payload.toString();
    switch (number) {
      case Ask.bytes:
        this.#send(this.#job.tasks.get(text)!.bytes);
        return false;
      case Ask.containing:
        this.#send(Buffer.from(JSON.stringify(this.#find(text))));
        return false;
      case Ask.result:
        this.#settle.resolve(JSON.parse(text));
        return true;
      default:
        throw new Error(`a child that follows data said ${number}`);
    }
  }

  /** The child has ended. */
  end(): void {
    this.#settle.resolve(undefined);
  }
}
