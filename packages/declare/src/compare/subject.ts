import type { Moment } from '../declaration/declaration.ts';
import type { FeatureId } from '../vocabulary.ts';
import type { FeaturePart, FlowPart } from './parts.ts';
import { modulePath } from './parts.ts';

/**
 * What is compared as one: features that say the same (kind, recipient,
 * module, time), or flows that do. A person settles them by one entry.
 */
export type Subject = FeatureSubject | FlowSubject;

export interface FeatureSubject {
  readonly kind: 'feature';
  readonly ids: string[];
  readonly feature: FeatureId;
  readonly recipient: string | undefined;
  readonly path: string;
  readonly when: Moment;
  /** Of the first. */
  readonly locator: string;
}

export interface FlowSubject {
  readonly kind: 'flow';
  readonly ids: string[];
  readonly source: FeatureId;
  readonly destination: FeatureId;
  readonly recipient: string | undefined;
  /** Where the data comes from, if a feature at the source's place tells it. */
  readonly origin: string | undefined;
  readonly gate: string | undefined;
  /** Of all hops, sorted, each once. */
  readonly paths: readonly string[];
  /** Of the destination: where the data is handed over. */
  readonly locator: string;
}

/** Features grouped; those whose id the declaration names stand alone. */
export function featureSubjects(
  features: readonly FeaturePart[],
  named: ReadonlySet<string>,
): FeatureSubject[] {
  const subjects = new Map<string, FeatureSubject>();
  const paths = new Map<string, string>();
  for (const part of features) {
    const path = pathOf(part.locator, paths);
    const pin = named.has(part.id) ? part.id : '';
    const key = `${part.feature}\n${part.when}\n${path}\n${part.recipient ?? '\n'}\n${pin}`;
    const subject = subjects.get(key);
    if (subject !== undefined) {
      subject.ids.push(part.id);
      continue;
    }
    const { feature, recipient, when, locator } = part;
    subjects.set(key, { kind: 'feature', ids: [part.id], feature, recipient, path, when, locator });
  }
  return [...subjects.values()];
}

export function flowSubjects(
  flows: readonly FlowPart[],
  features: readonly FeaturePart[],
  named: ReadonlySet<string>,
): FlowSubject[] {
  const subjects = new Map<string, FlowSubject>();
  const origins = flows.length === 0 ? new Map<string, string>() : originsOf(features);
  for (const flow of flows) {
    const paths = [...new Set(flow.hops.map((hop) => modulePath(hop.locator)))].sort();
    const first = flow.hops.find((hop) => hop.role === 'source');
    const origin = first === undefined ? undefined : origins.get(`${flow.source} ${first.locator}`);
    const locator = flow.hops.findLast((hop) => hop.role === 'destination')?.locator ?? '';
    const key = [
      flow.source,
      flow.destination,
      flow.recipient ?? '\n',
      origin ?? '\n',
      flow.gate ?? '\n',
      named.has(flow.id) ? flow.id : '',
      ...paths,
    ].join('\n');
    const subject = subjects.get(key);
    if (subject !== undefined) {
      subject.ids.push(flow.id);
      continue;
    }
    const { source, destination, recipient, gate } = flow;
    const ids = [flow.id];
    subjects.set(key, {
      kind: 'flow',
      ids,
      source,
      destination,
      recipient,
      origin,
      gate,
      paths,
      locator,
    });
  }
  return [...subjects.values()];
}

function originsOf(features: readonly FeaturePart[]): Map<string, string> {
  const origins = new Map<string, string>();
  for (const { feature, locator, recipient } of features) {
    if (recipient !== undefined) origins.set(`${feature} ${locator}`, recipient);
  }
  return origins;
}

function pathOf(locator: string, known: Map<string, string>): string {
  const space = locator.indexOf(' ');
  const target = space === -1 ? locator : locator.slice(0, space);
  let path = known.get(target);
  if (path === undefined) known.set(target, (path = modulePath(locator)));
  return path;
}
