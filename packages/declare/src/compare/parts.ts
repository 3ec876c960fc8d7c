import type { Moment } from '../declaration/declaration.ts';
import type { RecordAction, RecordTarget } from '../record-words.ts';
import type { FeatureId } from '../vocabulary.ts';

/**
 * What an examination gives to be compared: its result document has these
 * fields, so it fits as it is.
 */
export interface Parts {
  readonly modules: readonly ModulePart[];
  readonly features: readonly FeaturePart[];
  readonly flows: readonly FlowPart[];
  readonly unknowns: readonly { readonly locator: string }[];
  readonly records?: readonly RecordPart[];
}

export interface ModulePart {
  readonly path: string;
  readonly digest: string;
  readonly state: 'read' | 'partly' | 'unread';
}

export interface FeaturePart {
  readonly id: string;
  readonly feature: FeatureId;
  readonly locator: string;
  readonly recipient?: string;
  readonly when: Moment;
}

export interface FlowPart {
  readonly id: string;
  readonly source: FeatureId;
  readonly destination: FeatureId;
  readonly recipient?: string;
  readonly gate?: string;
  readonly hops: readonly HopPart[];
}

export interface HopPart {
  readonly role: 'source' | 'step' | 'destination';
  readonly locator: string;
}

/** What one record of a database does. */
export interface RecordPart {
  readonly id: string;
  readonly locator: string;
  readonly action: RecordAction;
  readonly target: RecordTarget;
  readonly recipient?: string;
}

/** The decoded module path of a locator's text; `` when it names none. */
export function modulePath(locator: string): string {
  const hash = locator.indexOf('#');
  if (hash === -1) return '';
  const space = locator.indexOf(' ', hash);
  const path = locator.slice(hash + 1, space === -1 ? undefined : space);
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
