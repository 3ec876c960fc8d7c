import type { Parts } from '../compare/parts.ts';
import { alternativesThatAreHosts } from '../compare/remedy.ts';
import { featureSubjects, flowSubjects } from '../compare/subject.ts';
import type { Moment } from '../declaration/declaration.ts';
import { MAX_WORDS } from '../declaration/fields.ts';
import { UNRESOLVED } from '../declaration/pattern.ts';
import { type EntryFields, printEntry, quotedText } from '../declaration/print.ts';
import { isNameless, isSource } from '../declaration/words.ts';
import { type FeatureId, VOCABULARY } from '../vocabulary.ts';
import { draftDatabases } from './records.ts';

export interface DraftOf {
  readonly maker: string;
  /** Canonical purl without version. */
  readonly product: string;
  readonly version: string;
  /** YYYY-MM-DD, given by the caller. */
  readonly date: string;
}

/**
 * A declaration drafted from what was found: flows first, then what is read,
 * what leaves, what it may do; grouped, commented, for a person to review.
 * Compared with the same parts it leaves nothing undeclared.
 */
export function draftDeclaration(parts: Parts, { maker, product, version, date }: DraftOf): string {
  const sections = [...flowSections(parts), ...featureSections(parts)];
  const databases = draftDatabases(parts.records ?? []);
  const head = [
    '# Drafted from what an examination found. Nobody has reviewed it yet: read each',
    '# entry, take out what the product should not do, add purposes ("for"), and say',
    '# in "never" what users may rely on. Format: docs/declaration.md of Avow.',
    'avow: 1',
    `maker: ${quotedText(maker)}`,
    `product: ${product}`,
    `versions: ${quotedText(version)}`,
    `date: ${quotedText(date)}`,
  ];
  const unread = parts.modules.filter(({ state }) => state !== 'read').length;
  const note =
    unread === 0
      ? []
      : [
          '',
          `# Not wholly read, so what they do is not in here: ${unread} of ${parts.modules.length} modules.`,
        ];
  const entries = sections.length === 0 ? ['', 'entries: []'] : ['', 'entries:', ...sections];
  const records = databases.length === 0 ? [] : ['', 'databases:', ...databases];
  return `${[...head, ...note, ...entries, ...records].join('\n')}\n`;
}

function flowSections(parts: Parts): string[] {
  const subjects = flowSubjects(parts.flows, parts.features, new Set());
  const groups = new Map<string, { to: FeatureId; fields: EntryFields }[]>();
  for (const flow of subjects) {
    const fields = {
      data: [flow.source],
      ...(flow.origin === undefined ? {} : { from: [flow.origin] }),
      does: [flow.destination],
      to: patternsOf(flow.recipient, flow.destination),
      ...(flow.paths.includes('') ? {} : { by: flow.paths }),
    };
    push(groups, `${flow.source} ${flow.destination}`, { to: flow.destination, fields });
  }
  return [...groups.entries()].sort(byKey).flatMap(([key, flows]) => {
    const [source, destination] = key.split(' ') as [FeatureId, FeatureId];
    const says = `${VOCABULARY[source].says}, and ${VOCABULARY[destination].says} with it`;
    // Flows that differ in their gates alone are one entry.
    const items = new Set(flows.map(({ fields }) => item(fields)));
    return [comment(`DATA THAT MOVES: ${says}`), ...items];
  });
}

/** One entry for each feature, time and set of recipients; the modules that share them are named. */
function featureSections(parts: Parts): string[] {
  const byFeature = new Map<FeatureId, Map<string, Set<string>>>();
  for (const { feature, when, path, recipient } of featureSubjects(parts.features, new Set())) {
    const modules = byFeature.get(feature) ?? new Map<string, Set<string>>();
    byFeature.set(feature, modules);
    const key = `${when}\n${path}`;
    const where = modules.get(key) ?? new Set<string>();
    modules.set(key, where);
    for (const pattern of patternsOf(recipient, feature)) where.add(pattern);
  }
  return [...byFeature.entries()]
    .sort(([a], [b]) => VOCABULARY[a].number - VOCABULARY[b].number)
    .flatMap(([feature, modules]) => [
      comment(VOCABULARY[feature].says),
      ...sharedBy(modules).map(({ when, where, paths }) =>
        item({
          ...(isSource(feature)
            ? { data: [feature], from: where }
            : { does: [feature], to: where }),
          ...(paths.includes('') ? {} : { by: paths }),
          when: [when],
        }),
      ),
    ]);
}

interface Shared {
  readonly when: Moment;
  readonly where: readonly string[];
  readonly paths: readonly string[];
}

function sharedBy(modules: ReadonlyMap<string, ReadonlySet<string>>): readonly Shared[] {
  const groups = new Map<string, { when: Moment; where: string[]; paths: string[] }>();
  for (const [key, set] of [...modules.entries()].sort(byKey)) {
    const [when, path] = key.split('\n') as [Moment, string];
    const where = [...set].sort();
    const shared = JSON.stringify([when, where]);
    const group = groups.get(shared) ?? { when, where, paths: [] };
    groups.set(shared, group);
    group.paths.push(path);
  }
  return [...groups.values()];
}

/** A recipient stands for itself; one too long for a declaration is left open. */
function patternsOf(recipient: string | undefined, feature: FeatureId): readonly string[] {
  if (recipient === undefined) return isNameless(feature) ? [] : [UNRESOLVED];
  if (recipient === '' || recipient.length > MAX_WORDS) return ['*'];
  return alternativesThatAreHosts(recipient);
}

function comment(text: string): string {
  return `\n  # ${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

function item(fields: EntryFields): string {
  return printEntry(fields)
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function push<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
