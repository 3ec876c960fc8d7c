import {
  type Docket,
  type Given,
  intakeOf,
  type Nearby,
  nameOf,
  namesIn,
  type Stored,
  type Subject,
} from '@avow/docket';
import type { DeclarationText } from '@avow/examine';
import { printTarget } from '@avow/locator';
import type { DocketFolder } from '@avow/stores/docket';
import type { Examiner } from '../../examiner.ts';
import { Artifacts } from './artifacts.ts';
import { storedProduct } from './stored.ts';

/** What a claim is held against: products that were given or are kept, and what is near them. */
export interface Against {
  readonly all: readonly Stored[];
  readonly nearby: Nearby;
  /** Cases of releases that are known with two contents. */
  readonly alarms: readonly Subject[];
  /** Products that were given, now or before. */
  readonly given: readonly Given[];
}

export interface AgainstOptions {
  readonly declaration?: DeclarationText;
  /** Keep the products that were given. */
  readonly keep: boolean;
  /** Products that the claim was held against before: meant where none is given. */
  readonly before: readonly Given[];
}

/** Opens and keeps the products that are given; where the text names others, those that are kept. */
export async function productsFor(
  text: string,
  specs: readonly string[],
  docket: Docket,
  opened: DocketFolder,
  examiner: Examiner,
  { declaration, keep, before }: AgainstOptions,
): Promise<Against> {
  const artifacts = new Artifacts(opened);
  const alarms: Subject[] = [];
  const all = new Map<string, Stored>();
  const folders = new Set<string>();
  for (const spec of specs) {
    const product = await examiner.open(spec);
    if (product.kind === 'folder') folders.add(product.target);
    const alarm = keep ? await artifacts.keep(docket, product, spec) : undefined;
    if (alarm !== undefined) alarms.push(alarm);
    all.set(product.digest, await storedProduct(examiner, product, declaration));
  }
  for (const { target, digest } of specs.length > 0 ? [] : before) {
    const product = await artifacts.withDigest(target, digest);
    if (product === undefined) continue;
    if (product.kind === 'folder') folders.add(target);
    all.set(digest, await storedProduct(examiner, product, declaration));
  }
  const given = [...all.values()].map(({ examination: { product } }): Given => {
    const { target, digest } = product;
    return { target, digest };
  });
  const names = new Set([...namesIn(text), ...[...all.values()].map(nameOfStored)]);
  const known = await artifacts.targets([...names]);
  for (const target of targetsIn(text, [...all.values()], known)) {
    // Somebody's folder is meant as it is: it is no second content of the release that it came of.
    if (folders.has(target)) continue;
    for (const product of await artifacts.of(target)) {
      if (all.has(product.digest)) continue;
      all.set(product.digest, await storedProduct(examiner, product, declaration));
    }
  }
  const releases = await artifacts.releases([...names], new Set(all.keys()));
  return {
    all: [...all.values()],
    nearby: { releases, names: await artifacts.names() },
    alarms,
    given,
  };
}

function nameOfStored({ examination }: Stored): string {
  return nameOf(examination.product.target);
}

/** The releases that are kept and that the text or a given product names. */
function targetsIn(
  text: string,
  given: readonly Stored[],
  known: readonly string[],
): readonly string[] {
  const named = intakeOf(text, given).locators.map(({ target }) =>
    printTarget(target.kind === 'purl' ? { kind: 'purl', purl: target.purl } : target),
  );
  const targets = new Set([
    ...named,
    ...given.map(({ examination }) => examination.product.target),
  ]);
  const isWritten = (target: string): boolean =>
    text.split(target).some((after, index) => index > 0 && !/^[\w.+%~-]/.test(after));
  return known.filter((target) => targets.has(target) || isWritten(target));
}
