import type { Digest } from '@avow/bytes';
import {
  type Advisory,
  advisoryOf,
  type Case,
  csafPath,
  type Docket,
  type DocketStore,
  type Publisher,
  parseReceipt,
  providerFiles,
} from '@avow/docket';
import type { Signer } from './sign.ts';

export interface ProviderPorts {
  readonly docket: Docket;
  readonly store: DocketStore;
  readonly publisher: Publisher;
  /** Absent where documents are not signed. */
  readonly signer?: Signer | undefined;
}

/** States of a case whose advisory is out; a withdrawn one stays, with its last revision. */
export const OUT = ['published', 'corrected', 'superseded', 'withdrawn'] as const;

/** Everything that a CSAF provider serves, made of the docket and signed; made anew when the docket moved on. */
export class Provider {
  readonly #ports: ProviderPorts;
  #made: { readonly end: number; readonly site: Promise<Site> } | undefined;

  constructor(ports: ProviderPorts) {
    this.#ports = ports;
  }

  async site(): Promise<Site> {
    const { number } = await this.#ports.store.end();
    if (this.#made?.end !== number) {
      const site = this.#make();
      this.#made = { end: number, site };
      // What failed is tried again by who asks next.
      site.catch(() => {
        if (this.#made?.site === site) this.#made = undefined;
      });
    }
    return this.#made.site;
  }

  async #make(): Promise<Site> {
    const { docket, store } = this.#ports;
    const advisories: Advisory[] = [];
    for (const state of OUT) {
      for (const { subject } of await store.list({ kind: 'case', state, limit: 100_000 })) {
        const advisory = await advisoryFor(await docket.case(subject), this.#ports);
        if (advisory !== undefined) advisories.push(advisory);
      }
    }
    return { advisories, files: await this.#filesOf(advisories) };
  }

  /** Refuses `publish.sign`: what is to be signed is not given out without. */
  async #filesOf(advisories: readonly Advisory[]): Promise<ReadonlyMap<string, string>> {
    const { publisher, signer } = this.#ports;
    const files = providerFiles(advisories, publisher);
    if (signer === undefined) return files;
    const signatures = new Map<string, string>();
    for (const advisory of advisories) {
      const path = `white/${csafPath(advisory)}`;
      signatures.set(path, await signer.sign(files.get(path)!));
    }
    const { fingerprint, armored } = signer;
    return providerFiles(advisories, publisher, { fingerprint, armored, signatures });
  }
}

export interface Site {
  readonly advisories: readonly Advisory[];
  /** Texts by path below the provider's base. */
  readonly files: ReadonlyMap<string, string>;
}

/** The advisory of a case; undefined when its receipt was erased. */
export async function advisoryFor(
  found: Case,
  { docket, store, publisher }: ProviderPorts,
): Promise<Advisory | undefined> {
  const [run] = found.runs;
  const text = run && (await docket.textOf(run.receipt));
  if (text === undefined) return undefined;
  const events = await store.eventsOf(found.id);
  const digest = events.findLast(({ data }) => typeof data['affected'] === 'string')?.data[
    'affected'
  ];
  const affected = typeof digest === 'string' ? await docket.textOf(digest as Digest) : undefined;
  return advisoryOf(
    found,
    parseReceipt(text),
    publisher,
    affected === undefined ? { also: [] } : JSON.parse(affected),
  );
}
