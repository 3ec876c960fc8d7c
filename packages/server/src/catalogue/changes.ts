import { type Digest, Refused } from '@avow/bytes';
import {
  type Changed,
  diffExaminations,
  type Examination,
  type Feature,
  type Flow,
} from '@avow/examine';
import type { CatalogueLists, ReleaseFound } from '@avow/stores/catalogue';
import type { JobQueue } from '@avow/stores/jobs';
import type { z } from 'zod';
import { accountOf } from '../access/identity.ts';
import { may } from '../access/may.ts';
import type { Api } from '../app/api.ts';
import { type changeSet, changes } from '../contract/changes.ts';
import { diffThatIsThere, releasesKey } from '../diffs/kept.ts';
import type { ObjectPort } from '../kept/objects.ts';
import { factsOf, releaseOf } from './routes.ts';
import { given } from './shown.ts';

type Changes = z.output<typeof changeSet>;

export interface ChangePorts {
  readonly lists: CatalogueLists;
  readonly objects: ObjectPort;
  readonly jobs: JobQueue;
}

/** A release with its examination. */
export interface Side {
  readonly release: Pick<ReleaseFound, 'number' | 'target' | 'document'>;
  readonly examination: Examination;
}

/** Compares two examinations that are here, both of which the caller may see. */
export function answerChanges(api: Api, ports: ChangePorts): void {
  const { lists } = ports;
  api.answer(changes.read, {
    object: async ({ params }) => releaseOf(lists, params.release),
    handle: async ({ params, query, identity }, after): Promise<Changes> => {
      const before = await lists.release(params.since);
      if (before === undefined || may(identity, 'release.read', factsOf(before)) !== 'yes') {
        throw new Refused('request.absent', undefined, 'nothing is here');
      }
      const key = releasesKey(before, after);
      const known = await diffThatIsThere<Changes>(ports, key, accountOf(identity));
      return paged(known ?? (await compared(before, after, ports.objects)), query);
    },
  });
}

/** Everything that changed from one release to another. Refuses `catalogue.absent`. */
export async function compared(
  before: Side['release'],
  after: Side['release'],
  objects: ObjectPort,
): Promise<Changes> {
  const sideOf = async (release: Side['release']): Promise<Side> => {
    const { target, document } = release;
    const bytes = document === null ? undefined : await objects.read(document as Digest);
    if (bytes === undefined) {
      throw new Refused('catalogue.absent', undefined, `${target} is not examined yet`);
    }
    return { release, examination: JSON.parse(Buffer.from(bytes).toString('utf8')) };
  };
  return changesOf(await sideOf(before), await sideOf(after));
}

function changesOf(
  { release: before, examination: old }: Side,
  { release: after, examination: now }: Side,
): Changes {
  const diff = diffExaminations(old, now);
  const { redirected } = diff.flows;
  const flows = {
    gained: [...diff.flows.gained, ...redirected.map((one) => one.new)],
    lost: [...diff.flows.lost, ...redirected.map((one) => one.old)],
  };
  const findings = findingChanges(old, now);
  const all = <Item, Out>({ gained, lost }: Changed<Item>, shown: (item: Item) => Out) => ({
    gained: gained.map(shown),
    lost: lost.map(shown),
  });
  const { added, removed, changed, moved } = diff.modules;
  return {
    old: { release: before.number, ...diff.old },
    new: { release: after.number, ...diff.new },
    abilities: { gained: [...diff.abilities.gained], lost: [...diff.abilities.lost] },
    counts: {
      features: countsOf(diff.features),
      flows: countsOf(flows),
      findings: countsOf(findings),
    },
    features: all(diff.features, shownFeature),
    flows: all(flows, shownFlow),
    findings: all(findings, ({ id, kind, rank, because, locator }) => ({
      id,
      kind,
      rank,
      ...given('because', because),
      ...given('locator', locator),
    })),
    modules: {
      added: [...added],
      removed: [...removed],
      changed: [...changed],
      moved: [...moved],
    },
    databases: databaseChanges(old, now),
  };
}

/** A page of each list. */
function paged(
  whole: Changes,
  { from, limit }: { readonly from: number; readonly limit: number },
): Changes {
  const cut = <Item>(list: readonly Item[]) => list.slice(from, from + limit);
  const both = <Item>({ gained, lost }: { gained: readonly Item[]; lost: readonly Item[] }) => ({
    gained: cut(gained),
    lost: cut(lost),
  });
  const { features, flows, findings, modules } = whole;
  const lists = [features, flows, findings].flatMap(({ gained, lost }) => [gained, lost]);
  const most = Math.max(...lists.map(({ length }) => length));
  return {
    ...whole,
    features: both(features),
    flows: both(flows),
    findings: both(findings),
    modules: {
      added: cut(modules.added),
      removed: cut(modules.removed),
      changed: cut(modules.changed),
      moved: cut(modules.moved),
    },
    ...given('next', from + limit < most && limit > 0 ? from + limit : undefined),
  };
}

function countsOf({ gained, lost }: Changed<unknown>) {
  return { gained: gained.length, lost: lost.length };
}

function findingChanges(
  old: Examination,
  now: Examination,
): Changed<Examination['findings'][number]> {
  const beyond = (of: Examination, other: Examination) => {
    const ids = new Set(other.findings.map(({ id }) => id));
    return of.findings.filter(({ id }) => !ids.has(id));
  };
  return { gained: beyond(now, old), lost: beyond(old, now) };
}

function shownFeature({ id, feature, recipient, locator, evidence }: Feature) {
  return { id, feature, ...given('recipient', recipient), locator, evidence };
}

function shownFlow({ id, source, destination, recipient, hops }: Flow) {
  const { locator = '', evidence = '' } = hops.at(-1) ?? {};
  return { id, source, feature: destination, ...given('recipient', recipient), locator, evidence };
}

/** Databases of either, by path; those whose update and records stayed are left out. */
function databaseChanges(old: Examination, now: Examination): Changes['databases'] {
  const sideOf = (one: Examination['databases'][number] | undefined) =>
    one && { update: one.update, records: one.records };
  const paths = new Set([...now.databases, ...old.databases].map(({ path }) => path));
  return [...paths].flatMap((path) => {
    const before = old.databases.find((one) => one.path === path);
    const after = now.databases.find((one) => one.path === path);
    const isSame =
      before !== undefined && before.digest === after?.digest && before.update === after?.update;
    if (isSame) return [];
    return [{ path, ...given('old', sideOf(before)), ...given('new', sideOf(after)) }];
  });
}
