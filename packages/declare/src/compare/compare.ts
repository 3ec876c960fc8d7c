import type { Declaration, Entry, Promised } from '../declaration/declaration.ts';
import { isModule } from '../declaration/pattern.ts';
import { printSaid } from '../declaration/print.ts';
import { VOCABULARY } from '../vocabulary.ts';
import { differences, isBroken, isNamed, isSameScope } from './cover.ts';
import { EntryIndex } from './entry-index.ts';
import { FindingMaker, type Judged, kindOf } from './finding-maker.ts';
import {
  type ComparedFinding,
  type Comparison,
  type EntryOutcome,
  type FeatureState,
  type PromiseOutcome,
  RANKS,
} from './findings.ts';
import { type FeaturePart, modulePath, type Parts } from './parts.ts';
import { compareRecords } from './records.ts';
import {
  type FeatureSubject,
  type FlowSubject,
  featureSubjects,
  flowSubjects,
  type Subject,
} from './subject.ts';

/**
 * Holds what was found against what was declared.
 *
 * Each feature, flow and record is declared, undeclared, or contradicts; each
 * entry is found, not found in what was read, or cannot be seen for unread
 * parts. An end of a flow has no finding of its own: the flow's entry covers
 * it. Linear in the parts for entries of fixed breadth; the same input gives
 * the same output.
 */
export function compare(parts: Parts, declaration: Declaration): Comparison {
  return new Comparing(parts, declaration).run();
}

type Open = Pick<Judged, 'because' | 'against'>;

class Comparing {
  readonly #parts: Parts;
  readonly #declaration: Declaration;
  readonly #index: EntryIndex;
  readonly #covers = new Map<Entry, number>();
  readonly #broken = new Set<Promised>();
  readonly #states = new Map<string, FeatureState>();
  readonly #unsettled: Judged[] = [];
  /** By scope: what the first entry for it, whatever its recipients, leaves open; null: there is none. */
  readonly #sameScope = new Map<number, Open | null>();
  /** State of the flows that begin or end at a place: `feature locator`. */
  readonly #ends = new Map<string, FeatureState>();

  constructor(parts: Parts, declaration: Declaration) {
    this.#parts = parts;
    this.#declaration = declaration;
    this.#index = new EntryIndex(declaration.entries);
  }

  run(): Comparison {
    const { entries, promises } = this.#declaration;
    const named = new Set([
      ...entries.flatMap(({ only }) => only),
      ...promises.flatMap(({ except }) => except),
    ]);
    const flows = flowSubjects(this.#parts.flows, this.#parts.features, named);
    for (const flow of flows) this.#judge(flow);
    this.#noteEnds();
    const isEnd = (part: FeaturePart): boolean => this.#ends.has(`${part.feature} ${part.locator}`);
    const { features: all } = this.#parts;
    const ends = this.#ends.size === 0 ? [] : all.filter(isEnd);
    this.#judgeEnds(ends, named);
    const lone = ends.length === 0 ? all : all.filter((part) => !isEnd(part));
    const features = featureSubjects(lone, named);
    for (const subject of features) this.#judge(subject);
    const records = compareRecords(this.#parts.records ?? [], this.#declaration);
    for (const [id, state] of records.states) this.#states.set(id, state);
    const findings = [...this.#findings(features, named), ...records.findings];
    return {
      findings: inOrder(findings),
      entries: [...entries.map((entry) => this.#outcome(entry)), ...records.outcomes],
      promises: promises.map((promised) => this.#promiseOutcome(promised)),
      states: this.#states,
    };
  }

  /** Ends of flows count for the entries that name them, and have their flow's state: no finding of their own. */
  #judgeEnds(ends: Parts['features'], named: ReadonlySet<string>): void {
    for (const subject of featureSubjects(ends, named)) this.#count(subject);
    for (const part of ends) {
      this.#states.set(part.id, this.#ends.get(`${part.feature} ${part.locator}`)!);
    }
  }

  #noteEnds(): void {
    for (const flow of this.#parts.flows) {
      const state = this.#states.get(flow.id)!;
      if (state.state === 'outside') continue;
      for (const hop of flow.hops) {
        if (hop.role === 'step') continue;
        const feature = hop.role === 'source' ? flow.source : flow.destination;
        const key = `${feature} ${hop.locator}`;
        if (this.#ends.get(key)?.state !== 'declared') this.#ends.set(key, state);
      }
    }
  }

  #judge(subject: Subject): void {
    const covering = this.#count(subject);
    if (covering.length === 0 && !this.#isSpokenOf(subject)) {
      const open = subject.kind === 'flow' ? this.#openEnd(subject) : undefined;
      if (open === undefined) this.#note(subject, 'outside', NONE);
      else this.#unsettle({ subject, ...open, isCovered: false });
      return;
    }
    const { promises } = this.#declaration;
    const broken = promises.length === 0 ? NONE : promises.filter((one) => isBroken(one, subject));
    for (const promised of broken) this.#broken.add(promised);
    if (broken.length > 0) {
      this.#unsettle({
        subject,
        because: 'promise',
        against: broken,
        isCovered: covering.length > 0,
      });
    } else if (covering.length > 0) {
      this.#note(subject, 'declared', covering);
    } else {
      const { because, against } = this.#nearest(subject) ?? NO_ENTRY;
      this.#unsettle({ subject, because, against, isCovered: false });
    }
  }

  /**
   * A manifest that names hosts and no flows: data that goes to a host which
   * it does not name is no less a leak. Undefined when it covers both ends, or
   * cannot speak of them.
   */
  #openEnd(flow: FlowSubject): Open | undefined {
    const { source, destination, origin, recipient, paths, locator, ids } = flow;
    for (const [feature, named] of [
      [destination, recipient],
      [source, origin],
    ] as const) {
      if (this.#declaration.speaksOf?.features.has(feature) !== true) continue;
      const ends = paths.map((path): FeatureSubject => {
        const about = { kind: 'feature', ids, feature, recipient: named, path } as const;
        return { ...about, when: 'call', scope: -1, locator };
      });
      if (ends.some((end) => this.#coveringOf(end).length > 0)) continue;
      return this.#firstNear(ends[0]!, this.#index.all(feature)) ?? NO_ENTRY;
    }
    return undefined;
  }

  /** The entries that cover it, each told so. */
  #count(subject: Subject): readonly Entry[] {
    const covering = this.#coveringOf(subject);
    for (const entry of covering) {
      this.#covers.set(entry, (this.#covers.get(entry) ?? 0) + subject.ids.length);
    }
    return covering;
  }

  #isSpokenOf(subject: Subject): boolean {
    const { speaksOf } = this.#declaration;
    if (speaksOf === undefined) return true;
    if (subject.kind === 'feature') return speaksOf.features.has(subject.feature);
    return speaksOf.flows;
  }

  #coveringOf(subject: Subject): readonly Entry[] {
    const pinned = subject.ids.length === 1 ? this.#index.pinned(subject.ids[0]!) : [];
    const candidates =
      subject.kind === 'feature'
        ? this.#index.candidates(subject.feature, subject.recipient, subject.path)
        : this.#index.candidates(subject.destination, subject.recipient, subject.paths[0] ?? '');
    if (pinned.length + candidates.length === 0) return NONE;
    return [...pinned, ...candidates].filter(
      (entry) => isNamed(entry, subject) && differences(entry, subject).length === 0,
    );
  }

  /** The first entry that differs in one respect alone. */
  #nearest(subject: Subject): Open | undefined {
    if (subject.kind === 'flow')
      return this.#firstNear(subject, this.#index.all(subject.destination));
    const { feature, recipient, path } = subject;
    const near = this.#firstNear(subject, this.#index.candidates(feature, recipient, path));
    return near ?? this.#nearByRecipient(subject);
  }

  /** An entry that does not match the recipient must match all else: one answer for each module and time. */
  #nearByRecipient(subject: FeatureSubject): Open | undefined {
    let open = this.#sameScope.get(subject.scope);
    if (open === undefined) {
      const entry = this.#index.all(subject.feature).find((one) => isSameScope(one, subject));
      open = entry === undefined ? null : { because: 'recipient', against: [entry] };
      this.#sameScope.set(subject.scope, open);
    }
    if (open === null) return undefined;
    return subject.recipient === undefined ? { ...open, because: 'unresolved' } : open;
  }

  #firstNear(subject: Subject, entries: readonly Entry[]): Open | undefined {
    for (const entry of entries) {
      if (!isNamed(entry, subject)) continue;
      const different = differences(entry, subject);
      if (different.length === 1) return { because: different[0]!, against: [entry] };
    }
    return undefined;
  }

  #unsettle(judged: Judged): void {
    this.#note(judged.subject, kindOf(judged.because), []);
    this.#unsettled.push(judged);
  }

  #note(subject: Subject, state: FeatureState['state'], entries: readonly Entry[]): void {
    const noted =
      entries.length === 0 ? NOT_COVERED[state] : { state, by: entries.map(({ name }) => name) };
    for (const id of subject.ids) this.#states.set(id, noted);
  }

  #findings(features: readonly FeatureSubject[], named: ReadonlySet<string>): ComparedFinding[] {
    const maker = new FindingMaker(this.#unsettled, features, named);
    return this.#unsettled.map((judged) => maker.of(judged));
  }

  #outcome(entry: Entry): EntryOutcome {
    const covers = this.#covers.get(entry) ?? 0;
    const unseen = covers === 0 && this.#isUnread(entry.by);
    const state = covers > 0 ? 'found' : unseen ? 'unseen' : 'not-found';
    return {
      name: entry.name,
      line: entry.spot.line,
      state,
      covers,
      says: printSaid(entry),
    };
  }

  #promiseOutcome(promised: Promised): PromiseOutcome {
    const isBrokenOne = this.#broken.has(promised);
    const state = isBrokenOne ? 'broken' : this.#isUnread(promised.by) ? 'unseen' : 'kept';
    return { name: promised.name, line: promised.spot.line, state, says: printSaid(promised) };
  }

  /** Whether part of what these patterns name was not read. */
  #isUnread(by: readonly string[]): boolean {
    const within = (path: string): boolean =>
      by.length === 0 || by.some((pattern) => isModule(pattern, path));
    return (
      this.#parts.modules.some(({ state, path }) => state !== 'read' && within(path)) ||
      this.#parts.unknowns.some(({ locator }) => within(modulePath(locator)))
    );
  }
}

const NONE: readonly never[] = [];

const NO_ENTRY: Open = { because: 'no-entry', against: NONE };

const NOT_COVERED: Readonly<Record<FeatureState['state'], FeatureState>> = {
  declared: { state: 'declared', by: [] },
  undeclared: { state: 'undeclared', by: [] },
  contradicts: { state: 'contradicts', by: [] },
  outside: { state: 'outside', by: [] },
};

/** Sorted by buckets: there are few orders, and may be many findings. */
function inOrder(findings: readonly ComparedFinding[]): ComparedFinding[] {
  const groups = Map.groupBy(findings, orderOf);
  const orders = [...groups.keys()].sort((a, b) => a - b);
  return orders.flatMap((order) => groups.get(order)!);
}

function orderOf(finding: ComparedFinding): number {
  const rank = RANKS.indexOf(finding.rank) * 10_000;
  const promise = finding.because === 'promise' ? 0 : 5_000;
  return (
    rank +
    promise +
    (finding.features[0] === undefined ? 0 : VOCABULARY[finding.features[0]].number)
  );
}
