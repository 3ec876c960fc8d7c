import { type Digest, Refused } from '@avow/bytes';
import {
  type Changed,
  diffExaminations,
  type Examination,
  type Feature,
  type Flow,
} from '@avow/examine';
import type { CatalogueLists, ReleaseFound } from '@avow/stores/catalogue';
import type { z } from 'zod';
import { may } from '../access/may.ts';
import type { Api } from '../app/api.ts';
import { type changeSet, changes } from '../contract/changes.ts';
import type { ObjectPort } from '../kept/objects.ts';
import { factsOf, releaseOf } from './routes.ts';
import { given } from './shown.ts';

type Changes = z.output<typeof changeSet>;

export interface ChangePorts {
  readonly lists: CatalogueLists;
  readonly objects: ObjectPort;
}

/** Compares two examinations that are here, both of which the caller may see. */
export function answerChanges(api: Api, { lists, objects }: ChangePorts): void {
  const documentOf = async ({ target, document }: ReleaseFound): Promise<Examination> => {
    const bytes = document === null ? undefined : await objects.read(document as Digest);
    if (bytes === undefined) {
      throw new Refused('catalogue.absent', undefined, `${target} is not examined yet`);
    }
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as Examination;
  };
  api.answer(changes.read, {
    object: async ({ params }) => releaseOf(lists, params.release),
    handle: async ({ params, query, identity }, after): Promise<Changes> => {
      const before = await lists.release(params.since);
      if (before === undefined || may(identity, 'release.read', factsOf(before)) !== 'yes') {
        throw new Refused('request.absent', undefined, 'nothing is here');
      }
      const [old, now] = [await documentOf(before), await documentOf(after)];
      return changesOf({ before, old }, { after, now }, query);
    },
  });
}

function changesOf(
  { before, old }: { before: ReleaseFound; old: Examination },
  { after, now }: { after: ReleaseFound; now: Examination },
  { from, limit }: { readonly from: number; readonly limit: number },
): Changes {
  const diff = diffExaminations(old, now);
  const { redirected } = diff.flows;
  const flows = {
    gained: [...diff.flows.gained, ...redirected.map((one) => one.new)],
    lost: [...diff.flows.lost, ...redirected.map((one) => one.old)],
  };
  const findings = findingChanges(old, now);
  const lists = [diff.features, flows, findings];
  const most = Math.max(...lists.flatMap(({ gained, lost }) => [gained.length, lost.length]));
  const page = <Item, Out>({ gained, lost }: Changed<Item>, shown: (item: Item) => Out) => ({
    gained: gained.slice(from, from + limit).map(shown),
    lost: lost.slice(from, from + limit).map(shown),
  });
  return {
    old: { release: before.number, ...diff.old },
    new: { release: after.number, ...diff.new },
    abilities: { gained: [...diff.abilities.gained], lost: [...diff.abilities.lost] },
    counts: {
      features: countsOf(diff.features),
      flows: countsOf(flows),
      findings: countsOf(findings),
    },
    features: page(diff.features, shownFeature),
    flows: page(flows, shownFlow),
    findings: page(findings, ({ id, kind, rank, because, locator }) => ({
      id,
      kind,
      rank,
      ...given('because', because),
      ...given('locator', locator),
    })),
    modules: {
      added: [...diff.modules.added].slice(from, from + limit),
      removed: [...diff.modules.removed].slice(from, from + limit),
      changed: [...diff.modules.changed].slice(from, from + limit),
      moved: [...diff.modules.moved].slice(from, from + limit),
    },
    databases: databaseChanges(old, now),
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
