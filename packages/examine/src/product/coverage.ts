import type { NativeProductModule } from '../native/product.ts';
import type { DatabaseExamination } from '../record/examine.ts';
import type { Coverage, ExaminedModule } from '../result.ts';
import { compareTexts } from './identity.ts';
import type { ProductModule } from './module.ts';
import type { Survey } from './survey.ts';

/** All modules, in the order of their paths. */
export function examinedModules(
  found: Survey,
  scripts: readonly ProductModule[],
  natives: readonly NativeProductModule[],
): ExaminedModule[] {
  const all = [...scripts.map((one) => ({ ...one, kind: 'script' as const })), ...natives];
  const modules: ExaminedModule[] = all.map(({ path, kind, digest, size, reading }) => ({
    path,
    kind,
    digest,
    size,
    state: reading.state,
    ...(reading.why === undefined ? {} : { why: reading.why }),
  }));
  for (const { path, kind, digest, size, why } of found.others) {
    const state = why === undefined ? 'read' : 'unread';
    modules.push({ path, kind, digest, size, state, ...(why === undefined ? {} : { why }) });
  }
  return modules.sort((a, b) => compareTexts(a.path, b.path));
}

/** How much of the product was read. */
export function coverageOf(
  found: Survey,
  modules: readonly ExaminedModule[],
  records: DatabaseExamination | undefined,
): Coverage {
  const sum = (sizes: readonly { readonly size: number }[]) =>
    sizes.reduce((all, { size }) => all + size, 0);
  const read = modules.filter(({ state }) => state === 'read');
  const databases = records?.databases ?? [];
  const ofDatabases = found.candidates.filter(({ path }) => records?.members.has(path));
  const databaseBytes =
    ofDatabases.reduce((all, { bytes }) => all + bytes.length, 0) + (records?.besideBytes ?? 0);
  return {
    bytes: sum(modules) + sum(found.unread) + databaseBytes,
    bytesRead: sum(read) + databaseBytes,
    modules: modules.length,
    modulesRead: read.length,
    records: databases.reduce((all, one) => all + one.records, 0),
    recordsUnderstood: databases.reduce((all, one) => all + one.understood, 0),
  };
}
