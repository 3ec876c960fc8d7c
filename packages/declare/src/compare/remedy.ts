import { alternativesOf, hostParts, isWithinAll, UNRESOLVED } from '../declaration/pattern.ts';
import { printEntry } from '../declaration/print.ts';
import { isNameless, isSource } from '../declaration/words.ts';
import type { FeatureId } from '../vocabulary.ts';
import type { Remedy } from './findings.ts';
import type { FeatureSubject, FlowSubject, Subject } from './subject.ts';

/** More neighbours than these are not compared one by one: the entry is bound to ids instead. */
const MAX_NEIGHBOURS = 8;

/**
 * The entry that covers a subject and nothing else that is to be settled. It
 * is bound to ids (`only`) where its words alone would cover a neighbour too.
 */
export class Remedies {
  readonly #scopes = new Map<number, FeatureSubject[]>();
  /** Feature and module of each feature: asked for where flows are unsettled alone. */
  readonly #places = new Set<string>();
  readonly #flows = new Map<string, FlowSubject[]>();

  constructor(unsettled: readonly Subject[]) {
    for (const subject of unsettled) {
      if (subject.kind === 'feature') push(this.#scopes, subject.scope, subject);
      else push(this.#flows, flowKey(subject), subject);
    }
    if (this.#flows.size === 0) return;
    for (const subject of unsettled)
      if (subject.kind === 'feature') this.#places.add(placeKey(subject.feature, subject.path));
  }

  entryFor(subject: Subject, isPinned: boolean): string {
    const only = isPinned || this.#coversMore(subject) ? subject.ids : [];
    if (subject.kind === 'flow') {
      return printEntry({
        data: [subject.source],
        from: subject.origin === undefined ? [] : [subject.origin],
        does: [subject.destination],
        to: recipientsOf(subject.recipient, subject.destination),
        by: subject.paths.includes('') ? [] : subject.paths,
        gate: gatesOf(subject.gate),
        only,
      });
    }
    const where = recipientsOf(subject.recipient, subject.feature);
    const by = subject.path === '' ? [] : [subject.path];
    const when = [subject.when];
    return isSource(subject.feature)
      ? printEntry({ data: [subject.feature], from: where, by, when, only })
      : printEntry({ does: [subject.feature], to: where, by, when, only });
  }

  #coversMore(subject: Subject): boolean {
    return subject.kind === 'feature' ? this.#coversFeature(subject) : this.#coversFlow(subject);
  }

  #coversFeature(subject: FeatureSubject): boolean {
    const { path, recipient, scope } = subject;
    const isWide = path.includes('*') || recipient?.includes('*') === true;
    if (path === '' || isWide || recipient === UNRESOLVED) return true;
    const neighbours = this.#scopes.get(scope) ?? [];
    if (neighbours.length === 1) return false;
    if (neighbours.length > MAX_NEIGHBOURS) return true;
    const patterns = recipientsOf(recipient, subject.feature);
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
      ends.some((feature) => this.#places.has(placeKey(feature, path))),
    );
    return isEnd || (this.#flows.get(flowKey(subject)) ?? []).length > 1;
  }
}

/** A remedy whose entry is written when it is read: of many findings few are looked at. */
export class EntryToAdd implements Remedy {
  readonly to = 'entries';
  readonly #remedies: Remedies;
  readonly #subject: Subject;
  readonly #isPinned: boolean;

  constructor(remedies: Remedies, subject: Subject, isPinned: boolean) {
    this.#remedies = remedies;
    this.#subject = subject;
    this.#isPinned = isPinned;
  }

  get add(): string {
    return this.#remedies.entryFor(this.#subject, this.#isPinned);
  }

  get remove(): string {
    return this.#subject.locator;
  }

  toJSON(): Remedy {
    return { add: this.add, to: this.to, remove: this.remove };
  }
}

/** `localhost | scarf.sh` is two hosts; a pipe within a command is part of it. */
export function alternativesThatAreHosts(recipient: string): readonly string[] {
  const all = alternativesOf(recipient);
  if (all.length === 1) return all;
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

function placeKey(feature: FeatureId, path: string): string {
  return `${feature}\n${path}`;
}

function flowKey(flow: FlowSubject): string {
  return `${flow.source}\n${flow.destination}`;
}

function push<K, T>(map: Map<K, T[]>, key: K, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
