import { Refused } from '@avow/bytes';

/** One server-sent event (HTML Living Standard, 9.2). */
export interface SentEvent {
  /** From where a follower that lost its connection goes on. */
  readonly id?: string;
  readonly event: string;
  readonly data: unknown;
}

/** Proxies close what is silent; a comment is sent so often. */
const ALIVE_MS = 15_000;

/** Counts those who follow, and refuses more than a server has sockets for. */
export class Followers {
  readonly #most: number;
  readonly #stopping = new AbortController();
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get count(): number {
    return this.#count;
  }

  /** Ends all streams: they go on elsewhere, at the event that they had last. */
  stop(): void {
    this.#stopping.abort();
  }

  /**
   * A stream of what `events` gives, until it ends or nobody listens.
   * Refuses `request.too-many` when too many follow.
   */
  follow(
    request: Request,
    events: (signal: AbortSignal) => AsyncIterable<SentEvent>,
    headers: Readonly<Record<string, string>> = {},
  ): Response {
    if (this.#count >= this.#most) {
      throw new Refused('request.too-many', undefined, `${this.#count} follow already`);
    }
    this.#count += 1;
    const gone = new AbortController();
    const signal = AbortSignal.any([request.signal, gone.signal, this.#stopping.signal]);
    const body = streamOf(events(signal), signal, () => gone.abort());
    signal.addEventListener('abort', () => this.#left(body), { once: true });
    return new Response(body.stream, {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        ...headers,
      },
    });
  }

  #left(body: { isOpen: boolean }): void {
    if (!body.isOpen) return;
    body.isOpen = false;
    this.#count -= 1;
  }
}

function streamOf(
  events: AsyncIterable<SentEvent>,
  signal: AbortSignal,
  end: () => void,
): { readonly stream: ReadableStream<Uint8Array>; isOpen: boolean } {
  const encoder = new TextEncoder();
  const iterator = events[Symbol.asyncIterator]();
  let alive: NodeJS.Timeout | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(encoder.encode(': here\n\n'));
      alive = setInterval(() => {
        if (!signal.aborted) controller.enqueue(encoder.encode(':\n\n'));
      }, ALIVE_MS);
      signal.addEventListener('abort', () => clearInterval(alive), { once: true });
    },
    pull: async (controller) => {
      const { done, value } = await iterator.next();
      if (done || signal.aborted) {
        end();
        controller.close();
        return;
      }
      controller.enqueue(encoder.encode(lines(value)));
    },
    cancel: async () => {
      end();
      await iterator.return?.();
    },
  });
  return { stream, isOpen: true };
}

/** JSON has no line ends, so one `data` line is enough. */
function lines({ id, event, data }: SentEvent): string {
  const number = id === undefined ? '' : `id: ${id}\n`;
  return `${number}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
