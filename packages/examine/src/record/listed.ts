import { digestOf } from '@avow/bytes';
import { ACTION_FEATURES, type FeatureId, type RecordPart, TARGET_FEATURES } from '@avow/declare';
import type { Feature, Flow } from '../result.ts';
import type { RecordConsumer, RecordGroup } from './detail.ts';
import type { Entry } from './gathering.ts';
import { type RecordFeature, type RecordRank, sayFeature } from './model.ts';
import { memberTarget, recordPlace } from './places.ts';

export interface About {
  readonly target: string;
  readonly update: string;
  readonly format: string;
}

/** Of a record's text, for people. */
const MAX_EVIDENCE = 200;

/** A record, or a group of them, as a feature of the result document. */
export function featureOf(
  { record, feature, rank, count }: Entry,
  about: About,
  consumer: RecordConsumer | undefined,
): Feature {
  const raw = record.raw.trim().replaceAll(/\s+/g, ' ');
  const { recipient, label, carries } = feature;
  const many = count === 1 ? '' : `${count} records, the first: `;
  return {
    id: idOf(record.member, record.id === '' ? record.detection : record.id, feature),
    feature: featureId(feature),
    locator: locatorOf(record, about),
    evidence: `line ${record.line}: ${many}${raw.length > MAX_EVIDENCE ? `${raw.slice(0, MAX_EVIDENCE)}…` : raw}`,
    ...(recipient === undefined ? {} : { recipient }),
    when: 'record',
    rule: `record.${about.format}.${feature.action}`,
    record: {
      format: about.format,
      update: about.update,
      id: record.id,
      line: record.line,
      offset: `0x${record.offset.toString(16)}`,
      digest: record.digest,
      target: feature.target,
      action: feature.action,
      visibility: feature.visibility,
      destination: feature.destination,
      ...(carries === undefined ? {} : { carries }),
      reach: feature.reach,
      decided: feature.decided,
      ...(label === undefined ? {} : { label }),
      rank,
      count,
      ...(consumer === undefined ? {} : { consumer }),
    },
  };
}

/** Stable across updates where the record stays and does the same. */
function idOf(member: string, identity: string, feature: RecordFeature): string {
  const { target, action, destination, recipient } = feature;
  const text = [member, identity, target, action, destination, recipient ?? ''].join('\n');
  return `rec-${digestOf(text).slice('sha256:'.length, 'sha256:'.length + 16)}`;
}

function locatorOf(record: Entry['record'], { target }: About): string {
  return `${memberTarget(target, record.member)} ${recordPlace(record)}`;
}

function featureId(feature: RecordFeature): FeatureId {
  if (feature.action !== 'send') return ACTION_FEATURES[feature.action];
  switch (feature.destination) {
    case 'name-server':
      return 'net.dns';
    case 'third-party':
    case 'vendor':
      return feature.target === 'browsing' || feature.target === 'page'
        ? 'net.http'
        : 'net.named-service';
    case 'local':
    case 'none':
      return 'net.url-beacon';
    default:
      return feature.destination satisfies never;
  }
}

/**
 * A record that by itself hands content on is a flow with both ends at one
 * place. A digest or a network address is not the content, so it is none.
 */
export function flowOf(entry: Entry, about: About): Flow | undefined {
  const { record, feature, rank } = entry;
  const isHandedOn = feature.action === 'send' || feature.action === 'store-copy';
  const carries = feature.carries ?? 'verbatim';
  if (!isHandedOn || rank === 'low' || carries === 'digest' || carries === 'address')
    return undefined;
  const locator = locatorOf(record, about);
  const evidence = `line ${record.line}: ${sayFeature(feature)} (${feature.decided.join('; ')})`;
  return {
    id: `flow-${idOf(record.member, record.id === '' ? record.detection : record.id, feature)}`,
    source: feature.source ?? TARGET_FEATURES[feature.target],
    destination: featureId(feature),
    ...(feature.recipient === undefined ? {} : { recipient: feature.recipient }),
    transforms: [],
    gate: `record:${record.id === '' ? `line ${record.line}` : record.id}`,
    hops: [
      { role: 'source', locator, evidence },
      { role: 'destination', locator, evidence },
    ],
  };
}

export function groupOf({ record, feature, rank, count }: Entry, about: About): RecordGroup {
  const { target, action, visibility, destination, recipient, carries, reach, label } = feature;
  return {
    target,
    action,
    visibility,
    destination,
    ...(recipient === undefined ? {} : { recipient }),
    ...(carries === undefined ? {} : { carries }),
    reach,
    ...(label === undefined ? {} : { label }),
    rank,
    count,
    first: locatorOf(record, about),
  };
}

/** Of a group its first record stands for all: a declaration speaks of kinds of records. */
export function partOf({ record, feature }: Entry, about: About): RecordPart {
  const { target, action, recipient } = feature;
  return {
    id: idOf(record.member, record.id === '' ? record.detection : record.id, feature),
    locator: locatorOf(record, about),
    action,
    target,
    ...(recipient === undefined ? {} : { recipient }),
  };
}

const RANKS: Readonly<Record<RecordRank, number>> = { critical: 0, high: 1, medium: 2, low: 3 };
const CARRIED = ['verbatim', 'name', 'digest', 'address'];
const ACTIONS = Object.keys(ACTION_FEATURES);

/** By rank, then by what leaves and how, then as they stand in the files. */
export function inOrder(features: readonly Feature[]): Feature[] {
  return features
    .map((feature, index) => ({ feature, index, key: orderOf(feature) }))
    .sort((a, b) => a.key - b.key || a.index - b.index)
    .map(({ feature }) => feature);
}

/** Flows in the same order. */
export function flowsInOrder(
  flows: readonly { readonly flow: Flow; readonly entry: Entry }[],
): Flow[] {
  return flows
    .map(({ flow, entry }, index) => ({
      flow,
      index,
      key: weightOf({ ...entry.feature, rank: entry.rank }),
    }))
    .sort((a, b) => a.key - b.key || a.index - b.index)
    .map(({ flow }) => flow);
}

function orderOf({ record }: Feature): number {
  return record === undefined ? -1 : weightOf(record);
}

function weightOf(what: Pick<RecordFeature, 'action' | 'carries'> & { rank: RecordRank }): number {
  const carried = CARRIED.indexOf(what.carries ?? 'address');
  return RANKS[what.rank] * 10_000 + ACTIONS.indexOf(what.action) * 100 + carried;
}
