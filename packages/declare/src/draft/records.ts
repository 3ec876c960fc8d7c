import { modulePath, type RecordPart } from '../compare/parts.ts';
import { LOCAL } from '../declaration/pattern.ts';
import { printEntry } from '../declaration/print.ts';

/** One `databases` item for each database and action, as indented YAML. */
export function draftDatabases(records: readonly RecordPart[]): string[] {
  const groups = new Map<string, { targets: Set<string>; to: Set<string> }>();
  for (const { locator, action, target, recipient } of records) {
    const key = `${modulePath(locator)}\n${action}`;
    const group = groups.get(key) ?? { targets: new Set(), to: new Set() };
    groups.set(key, group);
    group.targets.add(target);
    group.to.add(recipient ?? LOCAL);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { targets, to }]) => {
      const [path, action] = key.split('\n') as [string, RecordPart['action']];
      const fields = {
        database: [path],
        actions: [action],
        targets: [...targets].sort() as RecordPart['target'][],
        to: [...to].sort(),
      };
      return printEntry(fields)
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`)
        .join('\n');
    });
}
