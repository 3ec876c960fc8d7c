import { MOMENTS, type Moment } from '../declaration/declaration.ts';
import { type FeatureId, VOCABULARY } from '../vocabulary.ts';
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
  /** Feature, module and time as a number: in one list, subjects of one scope differ in the recipient alone. */
  readonly scope: number;
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
  const subjects: FeatureSubject[] = [];
  const scopes = new Map<number, Scope>();
  const places = new Places();
  for (const { id, feature, recipient, when, locator } of features) {
    const { path, number } = places.of(locator);
    const scope = (number * 64 + VOCABULARY[feature].number) * 4 + MOMENTS.indexOf(when);
    const isAlone = named.size > 0 && named.has(id);
    const known = isAlone ? undefined : scopes.get(scope)?.of(recipient);
    if (known !== undefined) {
      known.ids.push(id);
      continue;
    }
    const ids = [id];
    const made: Subject = { kind: 'feature', ids, feature, recipient, path, when, scope, locator };
    subjects.push(made);
    if (isAlone) continue;
    const others = scopes.get(scope);
    if (others === undefined) scopes.set(scope, new Scope(made));
    else others.add(made);
  }
  return subjects;
}

/** Subjects of one scope by recipient; most scopes have one, which needs no map. */
class Scope {
  readonly #first: FeatureSubject;
  #others: Map<string | undefined, FeatureSubject> | undefined;

  constructor(first: FeatureSubject) {
    this.#first = first;
  }

  of(recipient: string | undefined): FeatureSubject | undefined {
    return this.#first.recipient === recipient ? this.#first : this.#others?.get(recipient);
  }

  add(subject: FeatureSubject): void {
    this.#others ??= new Map();
    this.#others.set(subject.recipient, subject);
  }
}

/** The module paths of locators, each path with its number. */
class Places {
  readonly #byTarget = new Map<string, { readonly path: string; readonly number: number }>();
  readonly #paths = new Map<string, number>();

  of(locator: string): { readonly path: string; readonly number: number } {
    const space = locator.indexOf(' ');
    const target = space === -1 ? locator : locator.slice(0, space);
    let place = this.#byTarget.get(target);
    if (place === undefined) {
      const path = modulePath(target);
      const number = this.#paths.get(path) ?? this.#paths.size;
      this.#paths.set(path, number);
      place = { path, number };
      this.#byTarget.set(target, place);
    }
    return place;
  }
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
