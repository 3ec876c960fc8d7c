import type { Entry, Promised } from '../declaration/declaration.ts';
import type { FeatureId } from '../vocabulary.ts';
import type { Against, Because, ComparedFinding } from './findings.ts';
import { Ranks } from './rank.ts';
import { EntryToAdd, Remedies } from './remedy.ts';
import type { FeatureSubject, Subject } from './subject.ts';

/** What is not settled by the declaration, and why. */
export interface Judged {
  readonly subject: Subject;
  readonly because: Because;
  /** The entry that differs in one respect, or the promises that deny it. */
  readonly against: readonly (Entry | Promised)[];
  /** Entries that cover it, for all that a promise denies it. */
  readonly isCovered: boolean;
}

type Draft = { -readonly [K in keyof ComparedFinding]: ComparedFinding[K] };

/** Makes findings of what is unsettled; what is the same in many of them is made once. */
export class FindingMaker {
  readonly #named: ReadonlySet<string>;
  readonly #ranks: Ranks;
  readonly #remedies: Remedies;
  readonly #against = new Map<Entry | Promised, Against>();
  readonly #features = new Map<FeatureId, readonly FeatureId[]>();

  constructor(
    unsettled: readonly Judged[],
    features: readonly FeatureSubject[],
    named: ReadonlySet<string>,
  ) {
    this.#named = named;
    this.#ranks = new Ranks(features);
    this.#remedies = new Remedies(unsettled.map(({ subject }) => subject));
  }

  of(judged: Judged): ComparedFinding {
    const { subject, because, against } = judged;
    const of = subject.ids[0]!;
    const isPromise = because === 'promise';
    const kind = kindOf(because);
    const finding: Draft = {
      id: `${kind}:${of}`,
      kind,
      because,
      of,
      also: subject.ids.length === 1 ? NO_IDS : subject.ids.slice(1),
      rank: isPromise ? this.#ranks.ofPromised(subject) : this.#ranks.of(subject),
      locator: subject.locator,
      features: this.#featuresOf(subject),
      remedy: isPromise
        ? this.#narrowed(judged)
        : new EntryToAdd(this.#remedies, subject, this.#named.has(of)),
    };
    if (subject.recipient !== undefined) finding.recipient = subject.recipient;
    if (against.length > 0) finding.against = this.#againstOf(against[0]!);
    return finding;
  }

  #narrowed({ subject, against, isCovered }: Judged): ComparedFinding['remedy'] {
    return {
      ...(isCovered ? {} : { add: this.#remedies.entryFor(subject, true) }),
      to: 'entries',
      except: { promises: against.map(({ name }) => name), ids: subject.ids },
      remove: subject.locator,
    };
  }

  #againstOf(said: Entry | Promised): Against {
    let against = this.#against.get(said);
    if (against === undefined) {
      against = { name: said.name, line: said.spot.line };
      this.#against.set(said, against);
    }
    return against;
  }

  #featuresOf(subject: Subject): readonly FeatureId[] {
    if (subject.kind === 'flow') return [subject.source, subject.destination];
    let list = this.#features.get(subject.feature);
    if (list === undefined) this.#features.set(subject.feature, (list = [subject.feature]));
    return list;
  }
}

const NO_IDS: readonly never[] = [];

export function kindOf(because: Because): ComparedFinding['kind'] {
  const isAgainst = because === 'recipient' || because === 'time' || because === 'gate';
  return isAgainst || because === 'promise' ? 'contradicts' : 'undeclared';
}
