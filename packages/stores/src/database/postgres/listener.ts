import { Client, escapeIdentifier } from 'pg';

const MIN_PAUSE_MS = 50;
const MAX_PAUSE_MS = 5_000;

/** One connection that hears what is told on any channel, and comes back after it broke. */
export class Listener {
  readonly #url: string;
  readonly #wakes = new Map<string, Set<() => void>>();
  #client: Client | undefined;
  #isStopped = false;
  #pause = MIN_PAUSE_MS;

  constructor(url: string) {
    this.#url = url;
  }

  listen(channel: string, wake: () => void): () => void {
    const own = () => wake();
    const known = this.#wakes.get(channel);
    const wakes = known ?? new Set();
    wakes.add(own);
    this.#wakes.set(channel, wakes);
    if (this.#client === undefined) void this.#connect();
    else if (known === undefined) void this.#hear(this.#client, channel);
    return () => {
      wakes.delete(own);
    };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wakes.clear();
    await this.#client?.end().catch(() => {});
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: this.#url,
      application_name: 'avow listens',
      keepAlive: true,
    });
    this.#client = client;
    client.on('error', () => this.#again(client));
    client.on('end', () => this.#again(client));
    client.on('notification', ({ channel }) => this.#wake(channel));
    try {
      await client.connect();
      this.#pause = MIN_PAUSE_MS;
      for (const channel of this.#wakes.keys()) await this.#hear(client, channel);
    } catch {
      this.#again(client);
    }
  }

  async #hear(client: Client, channel: string): Promise<void> {
    try {
      await client.query(`LISTEN ${escapeIdentifier(channel)}`);
      // What was told before is not heard any more.
      this.#wake(channel);
    } catch {
      this.#again(client);
    }
  }

  #again(client: Client): void {
    if (this.#isStopped || this.#client !== client) return;
    this.#client = undefined;
    void client.end().catch(() => {});
    setTimeout(() => {
      if (!this.#isStopped && this.#client === undefined) void this.#connect();
    }, this.#pause).unref();
    this.#pause = Math.min(2 * this.#pause, MAX_PAUSE_MS);
  }

  #wake(channel: string): void {
    for (const wake of this.#wakes.get(channel) ?? []) wake();
  }
}
