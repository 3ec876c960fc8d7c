import {
  type Place as LocatorPlace,
  parseTarget,
  pathOf,
  printLocator,
  type Target,
} from '@avow/locator';
import type { Place } from '../observe/reading.ts';
import type { Feature, Reach } from '../result.ts';
import type { PlacedFeature, PlacedReach } from './module.ts';

/** A place in a script, as locators have it. */
export function linePlace({ line, column }: Place): LocatorPlace {
  return { kind: 'line', start: { line, column } };
}

/** Prints locators of one product. */
export class Locators {
  readonly #target: Target;

  constructor(target: string) {
    this.#target = parseTarget(target);
  }

  /** `path` is empty for the product as a whole. */
  print(path: string, place: LocatorPlace): string {
    const target =
      this.#target.kind === 'purl' && path !== ''
        ? { ...this.#target, path: pathOf(path) }
        : this.#target;
    return printLocator({ target, place, guards: [] });
  }

  feature(from: PlacedFeature & { readonly id: string }): Feature {
    const { id, feature, path, place, at, evidence, recipient, when, rule, reachedBy } = from;
    return {
      id,
      feature,
      locator: this.print(path, at ?? linePlace(place)),
      evidence,
      ...(recipient === undefined ? {} : { recipient }),
      when,
      rule,
      ...(reachedBy === undefined ? {} : { reachedBy: reachedBy.map((one) => this.#reach(one)) }),
    };
  }

  #reach({ path, place, evidence, export: name }: PlacedReach): Reach {
    const locator = this.print(path, linePlace(place));
    return { ...(name === undefined ? {} : { export: name }), locator, evidence };
  }
}
