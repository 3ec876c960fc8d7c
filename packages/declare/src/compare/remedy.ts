import { alternativesOf, hostParts, isWithinAll, UNRESOLVED } from '../declaration/pattern.ts';
import { printEntry } from '../declaration/print.ts';
import { isNameless, isSource } from '../declaration/words.ts';
import type { FeatureId } from '../vocabulary.ts';
import type { FeatureSubject, FlowSubject, Subject } from './subject.ts';

/** More neighbours than these are not compared one by one: the entry is bound to ids instead. */
const MAX_NEIGHBOURS = 8;

/**
 * The entry that covers a subject and nothing else that is to be settled. It
 * is bound to ids (`only`) where its words alone would cover a neighbour too.
 */
export class Remedies {
  readonly #features = new Map<string, FeatureSubject[]>();
  readonly #flows = new Map<string, FlowSubject[]>();

  constructor(unsettled: readonly Subject[]) {
    for (const subject of unsettled) {
      if (subject.kind === 'feature') push(this.#features, featureKey(subject), subject);
      else push(this.#flows, flowKey(subject), subject);
    }
  }

  entryFor(subject: Subject, isPinned: boolean): string {
    const only = isPinned || this.#coversMore(subject) ? { only: subject.ids } : {};
    if (subject.kind === 'flow') {
      return printEntry({
        data: [subject.source],
        ...(subject.origin === undefined ? {} : { from: [subject.origin] }),
        does: [subject.destination],
        to: recipientsOf(subject.recipient, subject.destination),
        ...(subject.paths.includes('') ? {} : { by: subject.paths }),
        gate: gatesOf(subject.gate),
        ...only,
      });
    }
    const where = recipientsOf(subject.recipient, subject.feature);
    return printEntry({
      ...(isSource(subject.feature)
        ? { data: [subject.feature], from: where }
        : { does: [subject.feature], to: where }),
      ...(subject.path === '' ? {} : { by: [subject.path] }),
      when: [subject.when],
      ...only,
    });
  }

  #coversMore(subject: Subject): boolean {
    return subject.kind === 'feature' ? this.#coversFeature(subject) : this.#coversFlow(subject);
  }

  #coversFeature(subject: FeatureSubject): boolean {
    if (
      subject.path === '' ||
      /\*/.test(subject.path + (subject.recipient ?? '')) ||
      subject.recipient === UNRESOLVED
    ) {
      return true;
    }
    const neighbours = this.#features.get(featureKey(subject)) ?? [];
    if (neighbours.length > MAX_NEIGHBOURS) return true;
    const patterns = recipientsOf(subject.recipient, subject.feature);
    return neighbours.some(
      (other) => other !== subject && isReached(patterns, other.recipient, subject.feature),
    );
  }

  /** A flow's entry also covers its ends wherever they stand alone, so any of them in its modules binds it. */
  #coversFlow(subject: FlowSubject): boolean {
    if (
      subject.paths.includes('') ||
      /\*/.test(subject.paths.join() + (subject.recipient ?? '') + (subject.origin ?? ''))
    ) {
      return true;
    }
    const ends = [subject.source, subject.destination];
    const isEnd = subject.paths.some((path) =>
      ends.some((feature) =>
        MOMENTS.some((when) => this.#features.has(featureKey({ feature, path, when }))),
      ),
    );
    return isEnd || (this.#flows.get(flowKey(subject)) ?? []).length > 1;
  }
}

const MOMENTS = ['install', 'load', 'call', 'record'] as const;

/** `localhost | scarf.sh` is two hosts; a pipe within a command is part of it. */
export function alternativesThatAreHosts(recipient: string): readonly string[] {
  const all = alternativesOf(recipient);
  return all.every((one) => hostParts(one) !== undefined) ? all : [recipient];
}

/** As `differences` has it: nameless features without a recipient are within any. */
function isReached(
  patterns: readonly string[],
  recipient: string | undefined,
  feature: FeatureId,
): boolean {
  if (isWithinAll(patterns, recipient)) return true;
  return recipient === undefined && isNameless(feature);
}

function recipientsOf(recipient: string | undefined, feature: FeatureId): readonly string[] {
  if (recipient !== undefined) return alternativesThatAreHosts(recipient);
  return isNameless(feature) ? [] : [UNRESOLVED];
}

function gatesOf(gate: string | undefined): readonly string[] {
  return (
    gate?.split(' & ').filter((one) => /^(?:env|setting|remote|record|time):\S/.test(one)) ?? []
  );
}

function featureKey({
  feature,
  path,
  when,
}: Pick<FeatureSubject, 'feature' | 'path' | 'when'>): string {
  return `${feature}\n${path}\n${when}`;
}

function flowKey(flow: FlowSubject): string {
  return `${flow.source}\n${flow.destination}`;
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
