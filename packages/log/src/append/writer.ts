import { Refused } from '@avow/bytes';
import { printCheckpoint } from '../note/checkpoint.ts';
import { type Note, printNote, signNote } from '../note/note.ts';
import type { TreeHead } from '../proof/verify.ts';
import { MAX_ENTRY_SIZE } from '../tile/bundle.ts';
import type { TileEdge } from '../tile/edge.ts';
import { TreeReader } from '../tile/reader.ts';
import type { Cosigner } from './cosigner.ts';
import { AppendQueue } from './queue.ts';
import type { Standing } from './restart.ts';
import type { Published, WriterSettings } from './settings.ts';
import type { WriteStep } from './steps.ts';

/** Between two checkpoints: ten a second keep an append well under a second from its cosignatures. */
const CHECKPOINT_PAUSE_MS = 100;
/** Between two attempts while witnesses are away. */
const QUORUM_PAUSE_MS = 500;
/** Bytes of journalled entries not yet in tiles; beyond, the journal waits for the tiles. */
const MAX_PENDING_SIZE = 64 << 20;
/** Entries that go into tiles at once, so that neither memory nor the journal waits for a long round. */
const MAX_INTEGRATED = 4096;

type Work = 'journal' | 'integrate' | 'publish';

/**
 * The one writer of a log: takes entries, journals, integrates, signs, has it
 * cosigned and publishes, by the steps of `WRITE_STEPS`.
 *
 * A store that fails halts it: what is durable is then not known until the log
 * is opened anew. Every waiting and later call refuses `log.halted`.
 */
export class LogWriter {
  readonly #settings: WriterSettings;
  readonly #cosigner: Cosigner;
  readonly #queue = new AppendQueue();
  readonly #edge: TileEdge;
  #next: bigint;
  #pending: Uint8Array[];
  #pendingSize: number;
  #signed: { readonly note: Note; readonly head: TreeHead };
  #published: Published | undefined;
  #fullTiles: string[] = [];
  /** The integration under way, or the last one. */
  #round: Promise<void> = Promise.resolve();
  #waiters: { readonly size: bigint; resolve(at: Published): void; reject(e: unknown): void }[] =
    [];
  #halted: unknown;
  #isClosing = false;
  readonly #work: Partial<Record<Work, Promise<void>>> = {};
  readonly #works: Record<Work, { run(): Promise<void>; isLeft(): boolean }> = {
    journal: { run: () => this.#journalAll(), isLeft: () => this.#queue.length > 0 },
    integrate: { run: () => this.#integrateAll(), isLeft: () => this.#pending.length > 0 },
    publish: {
      run: () => this.#publishAll(),
      isLeft: () => !this.#isClosing && this.#isBehind(),
    },
  };

  /** Use `openLog`. */
  constructor(settings: WriterSettings, cosigner: Cosigner, standing: Standing) {
    this.#settings = settings;
    this.#cosigner = cosigner;
    this.#edge = standing.edge;
    this.#pending = [...standing.pending];
    this.#pendingSize = sizeOf(this.#pending);
    this.#next = standing.head.size + BigInt(standing.pending.length);
    this.#signed = { note: standing.signed, head: standing.head };
    this.#start('publish');
    this.#start('integrate');
  }

  /** Entries acknowledged so far. */
  get size(): bigint {
    return this.#next;
  }

  /** Why the writer halted, or undefined while it works. */
  get halted(): unknown {
    return this.#halted;
  }

  /** True when the next `append`, in this same turn, will get a number unless the store fails. */
  get isTaking(): boolean {
    return this.#halted === undefined && !this.#isClosing && !this.#queue.isFull;
  }

  get published(): Published | undefined {
    return this.#published;
  }

  /**
   * Appends an entry; resolves to its number once it is durable.
   *
   * Refuses `bundle.entry-too-large` above 65,535 bytes, `log.busy` when too
   * many entries wait, `log.halted`.
   */
  append(entry: Uint8Array): Promise<bigint> {
    if (this.#halted !== undefined || this.#isClosing) return Promise.reject(this.#haltedError());
    if (entry.length > MAX_ENTRY_SIZE) {
      const found = `${entry.length} bytes, at most ${MAX_ENTRY_SIZE}`;
      return Promise.reject(new Refused('bundle.entry-too-large', undefined, found));
    }
    const number = this.#queue.add(entry);
    this.#start('journal');
    return number;
  }

  /** Resolves once a published checkpoint has at least `size` entries. */
  whenPublished(size: bigint): Promise<Published> {
    if (this.#published !== undefined && this.#published.head.size >= size) {
      return Promise.resolve(this.#published);
    }
    if (this.#halted !== undefined) return Promise.reject(this.#haltedError());
    return new Promise((resolve, reject) => this.#waiters.push({ size, resolve, reject }));
  }

  /** Finishes what was acknowledged, publishes once more if it can, and lets go of the store. */
  async close(): Promise<void> {
    this.#isClosing = true;
    while (this.#work.journal || this.#work.integrate || this.#work.publish) {
      await Promise.allSettled([this.#work.journal, this.#work.integrate, this.#work.publish]);
    }
    this.#halt(new Refused('log.halted', undefined, 'the log was closed'));
    await this.#settings.store.close();
  }

  async #journalAll(): Promise<void> {
    while (this.#queue.length > 0) {
      while (this.#pendingSize > MAX_PENDING_SIZE && this.#halted === undefined) {
        await this.#round;
      }
      const batch = this.#queue.take();
      const first = this.#next;
      const entries = batch.map(({ entry }) => entry);
      try {
        await this.#step('sequence');
        await this.#settings.store.journal({ first, entries });
        await this.#step('journal');
      } catch (error) {
        for (const { reject } of batch) reject(error);
        throw error;
      }
      this.#next += BigInt(entries.length);
      for (const entry of entries) this.#pending.push(entry);
      this.#pendingSize += sizeOf(entries);
      for (const [index, { resolve }] of batch.entries()) resolve(first + BigInt(index));
      this.#start('integrate');
    }
  }

  async #integrateAll(): Promise<void> {
    while (this.#pending.length > 0) {
      this.#round = this.#integrate();
      await this.#round;
      this.#start('publish');
      const isBusy = this.#pending.length >= MAX_INTEGRATED;
      if (!isBusy && !this.#isClosing) await this.#settings.pause(CHECKPOINT_PAUSE_MS);
    }
  }

  async #integrate(): Promise<void> {
    const { store, origin, signers } = this.#settings;
    const entries = this.#pending.splice(0, MAX_INTEGRATED);
    this.#pendingSize -= sizeOf(entries);
    for (const entry of entries) this.#edge.append(entry);
    const files = this.#edge.takeFiles();
    await store.write(files);
    await this.#step('tiles');
    const head = { size: this.#edge.size, root: this.#edge.root() };
    const note = signNote(printCheckpoint({ origin, ...head, extensions: [] }), signers);
    await this.#step('sign');
    await store.keepSigned(printNote(note));
    await this.#step('keep-signed');
    this.#signed = { note, head };
    await store.forgetJournal(head.size);
    for (const { path } of files) if (!path.includes('.p/')) this.#fullTiles.push(path);
  }

  /** Publishes until the newest signed tree is out; without quorum, tries again after a pause. */
  async #publishAll(): Promise<void> {
    while (this.#isBehind()) {
      const isDone = await this.#publish();
      if (isDone) continue;
      if (this.#isClosing) return;
      await this.#settings.pause(QUORUM_PAUSE_MS);
    }
  }

  #isBehind(): boolean {
    return (this.#published?.head.size ?? -1n) < this.#signed.head.size;
  }

  async #publish(): Promise<boolean> {
    const { store, onWitnessFailure } = this.#settings;
    const { note, head } = this.#signed;
    const fullTiles = this.#fullTiles;
    this.#fullTiles = [];
    const round = await this.#cosigner.cosign(note, new TreeReader(store, head));
    for (const { witness, error } of round.failures) onWitnessFailure?.(witness, error);
    if (!round.isQuorumMet) {
      this.#fullTiles.push(...fullTiles);
      return false;
    }
    await this.#step('cosign');
    const cosigned = printNote({ ...note, signatures: [...note.signatures, ...round.signatures] });
    await store.publish(cosigned);
    await this.#step('publish');
    const published = { head, note: cosigned };
    this.#published = published;
    const isOut = ({ size }: { size: bigint }) => size <= head.size;
    for (const waiter of this.#waiters.filter(isOut)) waiter.resolve(published);
    this.#waiters = this.#waiters.filter((waiter) => !isOut(waiter));
    await store.forgetPartials(fullTiles);
    await this.#step('forget');
    return true;
  }

  /** Runs one kind of work unless it runs already; a failure halts the writer. */
  #start(kind: Work): void {
    if (this.#work[kind] !== undefined || this.#halted !== undefined) return;
    const { run, isLeft } = this.#works[kind];
    this.#work[kind] = run()
      .catch((error: unknown) => this.#halt(error))
      .finally(() => {
        delete this.#work[kind];
        // Work that came between the last look and now would otherwise lie still.
        if (isLeft()) this.#start(kind);
      });
  }

  async #step(step: WriteStep): Promise<void> {
    if (this.#halted !== undefined) throw this.#haltedError();
    await this.#settings.onStep?.(step);
  }

  #halt(error: unknown): void {
    this.#halted ??= error;
    const refusal = this.#haltedError();
    this.#queue.rejectAll(refusal);
    for (const waiter of this.#waiters.splice(0)) waiter.reject(refusal);
  }

  #haltedError(): unknown {
    const cause = this.#halted;
    if (cause instanceof Refused) return cause;
    const found = cause === undefined ? 'the log is closing' : `${cause}`;
    return new Refused('log.halted', undefined, found);
  }
}

/** What an entry costs beside its bytes, in memory. */
const ENTRY_OVERHEAD = 512;

function sizeOf(entries: readonly Uint8Array[]): number {
  return entries.reduce((size, entry) => size + entry.length + ENTRY_OVERHEAD, 0);
}
