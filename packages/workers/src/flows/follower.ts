import { type Digest, digestOf } from '@avow/bytes';
import { type FlowJob, type FlowResult, isWorthFollowing } from '@avow/examine/product';
import type { Pool } from '../pool.ts';
import type { ReadingStore } from '../reader.ts';
import { sentJob } from './protocol.ts';

export interface FollowerOptions {
  readonly engine: Digest;
  readonly rules: Digest;
  readonly store?: ReadingStore;
  /** Whose children follow. */
  readonly pool: Pool;
  /** Wall time for one product in milliseconds. Above it: `flow.unfinished`, nothing is called clean. */
  readonly productMs?: number;
}

/**
 * Steps are bounded by count, which is the same on every machine; this bounds
 * what counts cannot. The largest of the bench packages takes a twentieth.
 */
export const FLOW_PRODUCT_MS = 120_000;

/** Follows data between the modules of a product, in a child process that may die of it. */
export class FlowFollower {
  readonly #options: FollowerOptions;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** The same job gives the same result, kept under a digest of all that it depends on. */
  async follow(job: FlowJob): Promise<FlowResult> {
    if (!isWorthFollowing(job.modules)) return { flows: [], unfinished: [] };
    const text = JSON.stringify(sentJob(job));
    const { engine, rules, store, pool, productMs = FLOW_PRODUCT_MS } = this.#options;
    const key = digestOf(['flows', engine, rules, text].join('\n')).slice('sha256:'.length);
    const kept = store?.read([key]).get(key);
    if (kept !== undefined) return JSON.parse(Buffer.from(kept).toString());
    const result = await pool.follow(job, text, productMs);
    // What the machine's limits stopped may be known on another day.
    if (result !== undefined) {
      store?.write([[key, Buffer.from(JSON.stringify(result))]]);
      return result;
    }
    const unfinished = job.modules.map(({ path }) => ({ path, reason: 'stopped' as const }));
    return { flows: [], unfinished };
  }
}
