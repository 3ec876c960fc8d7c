import type { Digest } from '@avow/bytes';
import type { CatalogueLists, ReleaseFound } from '@avow/stores/catalogue';
import type { z } from 'zod';
import type * as contract from '../contract/catalogue.ts';
import type { record, update } from '../contract/updates.ts';

type Rows<Name extends 'features' | 'flows' | 'findings' | 'updates' | 'records' | 'modules'> =
  Awaited<ReturnType<CatalogueLists[Name]>>['rows'][number];

/** A field, where there is one. */
export function given<Name extends string, Value>(
  name: Name,
  value: Value | null | undefined,
): { [K in Name]?: Value } {
  return value === null || value === undefined
    ? {}
    : ({ [name]: value } as { [K in Name]?: Value });
}

export function shownProduct(row: {
  number: number;
  name: string;
  maker: string | null;
  at: string;
}): z.output<typeof contract.product> {
  const { number, name, maker, at } = row;
  return { number, name, ...given('maker', maker), at };
}

export function shownRelease(row: ReleaseFound): z.output<typeof contract.release> {
  return {
    number: row.number,
    product: row.product,
    name: row.name,
    ...given('maker', row.maker),
    target: row.target,
    version: row.version,
    digest: row.digest as Digest,
    size: row.size,
    hasArtifact: row.artifact !== null,
    isPublic: row.is_public === 1,
    state: row.state,
    ...given('why', row.why),
    at: row.at,
    ...given('examination', shownExamination(row)),
  };
}

function shownExamination(row: ReleaseFound) {
  if (row.document === null) return undefined;
  return {
    document: row.document as Digest,
    engine: { version: row.engine_version!, digest: row.engine as Digest },
    rules: { update: row.rules_update!, digest: row.rules as Digest },
    answer: row.answer!,
    coverage: JSON.parse(row.coverage!) as Record<string, number>,
    ...given('declaration', row.declaration as Digest | null),
    modules: row.modules!,
    features: row.features!,
    flows: row.flows!,
    findings: row.findings!,
    unknowns: row.unknowns!,
    at: row.examined_at!,
  };
}

export function shownModule(row: Rows<'modules'>): z.output<typeof contract.module> {
  const { path, kind, digest, size, state, why } = row;
  return {
    path,
    kind,
    digest: digest as Digest,
    size,
    state: state as 'read',
    ...given('why', why === null ? undefined : JSON.parse(why)),
  };
}

export function shownFeature(row: Rows<'features'>): z.output<typeof contract.feature> {
  const { number, release, target, id, feature, locator, rule, evidence } = row;
  return {
    number,
    release,
    target,
    id,
    feature,
    locator,
    ...given('recipient', row.recipient),
    when: row.at_time as 'call',
    rule,
    evidence,
    ...given('record', row.record),
  };
}

export function shownFlow(row: Rows<'flows'>): z.output<typeof contract.flow> {
  const { number, release, target, id, source, destination } = row;
  return {
    number,
    release,
    target,
    id,
    source,
    destination,
    ...given('recipient', row.recipient),
    ...given('gate', row.gate),
    ...JSON.parse(row.way),
  };
}

export function shownFinding(row: Rows<'findings'>): z.output<typeof contract.finding> {
  const { number, release, target, id, kind, rank, locator } = row;
  const { because } = JSON.parse(row.detail) as { because?: string };
  return {
    number,
    release,
    target,
    id,
    kind,
    rank: rank as 'low',
    of: row.of_id,
    ...given('locator', locator === '' ? undefined : locator),
    ...given('recipient', row.recipient),
    ...given('because', because),
  };
}

export function shownUpdate(row: Rows<'updates'>): z.output<typeof update> {
  const { number, release, target, path, format, records, understood } = row;
  return {
    number,
    release,
    target,
    path,
    format,
    update: row.update_number,
    ...given('digest', row.digest as Digest | null),
    records,
    understood,
  };
}

export function shownRecord(row: Rows<'records'>): z.output<typeof record> {
  const { number, release, target, format, id, member, line, digest, text } = row;
  return {
    number,
    update: row.update_of,
    release,
    target,
    format,
    id,
    member,
    line,
    digest: digest as Digest,
    text,
  };
}
