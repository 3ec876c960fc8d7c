import { isLeaving, isSource } from '../declaration/words.ts';
import type { FeatureId } from '../vocabulary.ts';
import type { Rank } from './findings.ts';
import type { FeatureSubject, Subject } from './subject.ts';

/**
 * The order of the project's feature reference: a flow that leaves, a flow
 * that stays on the machine, source and destination in one module, a lone
 * capability.
 */
export class Ranks {
  readonly #reading = new Set<string>();
  readonly #leaving = new Set<string>();

  constructor(subjects: readonly FeatureSubject[]) {
    for (const { feature, path } of subjects) {
      if (isSource(feature)) this.#reading.add(path);
      else if (isLeaving(feature)) this.#leaving.add(path);
    }
  }

  of(subject: Subject): Rank {
    if (subject.kind === 'flow') return isLeaving(subject.destination) ? 'critical' : 'high';
    return this.#meets(subject.feature, subject.path) ? 'medium' : 'low';
  }

  /** A maker's own "never" weighs more than silence: whatever breaks it is at least `high`. */
  ofPromised(subject: Subject): Rank {
    const rank = this.of(subject);
    return rank === 'critical' ? rank : 'high';
  }

  #meets(feature: FeatureId, path: string): boolean {
    if (isSource(feature)) return this.#leaving.has(path);
    return isLeaving(feature) && this.#reading.has(path);
  }
}
