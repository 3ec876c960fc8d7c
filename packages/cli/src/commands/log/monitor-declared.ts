import { Refused } from '@avow/bytes';
import { compare, type Declaration, type FeatureId, readDeclaration } from '@avow/declare';
import { shown } from '../../render/shown.ts';
import type { KeptDeclaration } from './monitor-kept.ts';
import { alarm, type Remark } from './remark.ts';

/** A declaration held against nothing: what it says, entry by entry. */
const NOTHING = { modules: [], features: [], flows: [], unknowns: [] } as const;

/** What a maker declares now and did not before, and no longer promises. */
export function declarationChanges(old: KeptDeclaration, now: KeptDeclaration): readonly Remark[] {
  if (old.digest === now.digest) return [];
  if (now.digest === undefined) return [alarm('it has no declaration any more')];
  const remarks = [alarm(`its declaration has changed to ${now.digest}`)];
  const lost = [old, now].find(({ digest, text }) => digest !== undefined && text === undefined);
  if (lost !== undefined) {
    return [...remarks, alarm(`what changed is not known: the log does not keep ${lost.digest}`)];
  }
  try {
    return [...remarks, ...widened(saidIn(old.text), saidIn(now.text))];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return [...remarks, alarm(`what changed is not known: ${shown(error.message)}`)];
  }
}

/** What a declaration says: its features, its entries and its promises, as YAML. */
interface Said {
  readonly features: ReadonlySet<FeatureId>;
  readonly entries: ReadonlySet<string>;
  readonly promises: ReadonlySet<string>;
}

function saidIn(text: string | undefined): Said {
  if (text === undefined) {
    return { features: new Set(), entries: new Set(), promises: new Set() };
  }
  const declaration: Declaration = readDeclaration(text, 'declaration');
  const { entries, promises } = compare(NOTHING, declaration);
  return {
    features: new Set(declaration.entries.flatMap(({ data, does }) => [...data, ...does])),
    entries: new Set(entries.map(({ says }) => says)),
    promises: new Set(promises.map(({ says }) => says)),
  };
}

function widened(old: Said, now: Said): Remark[] {
  return [
    ...beyond(now.features, old.features).map((feature) => alarm(`it now declares ${feature}`)),
    ...beyond(now.entries, old.entries).map((says) => alarm(`an entry is new: ${inLine(says)}`)),
    ...beyond(old.promises, now.promises).map((says) =>
      alarm(`a promise is gone: never ${inLine(says)}`),
    ),
  ];
}

function beyond<T>(ones: ReadonlySet<T>, others: ReadonlySet<T>): T[] {
  return [...ones].filter((one) => !others.has(one));
}

/** YAML of one entry on one line. */
function inLine(says: string): string {
  return shown(
    says
      .trim()
      .replace(/^- /, '')
      .split('\n')
      .map((line) => line.trim())
      .join('; '),
  );
}
