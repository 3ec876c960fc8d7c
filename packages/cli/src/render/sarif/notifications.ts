import type { ExaminedDatabase, ExaminedModule } from '@avow/examine';
import type { Notification } from 'sarif';
import { shown } from '../shown.ts';
import type { Artifacts } from './artifacts.ts';

/** Modules that were not, or only partly, read: what the tool has to say of its own work. */
export function notificationsOf(
  modules: readonly ExaminedModule[],
  artifacts: Artifacts,
): Notification[] {
  return modules
    .filter(({ state }) => state !== 'read')
    .map(({ path, state, why }) => ({
      descriptor: { id: why?.code ?? 'unread' },
      level: state === 'unread' ? 'error' : 'warning',
      message: { text: `${state}: ${shown(why?.message ?? 'no reason given')}` },
      locations: [{ physicalLocation: { artifactLocation: artifacts.locationOf(path) } }],
    }));
}

/** That not every result is told here. */
export function leftOutNotifications(count: number): Notification[] {
  if (count === 0) return [];
  const text = `${count} results of the lowest rank are left out, as services refuse logs with more; --format json has all`;
  return [{ descriptor: { id: 'sarif.results' }, level: 'warning', message: { text } }];
}

const LEVELS = { good: 'note', absent: 'note', 'unknown-key': 'warning', bad: 'error' } as const;

/** What vouches for each database update, and what does not hold. */
export function checkNotifications(databases: readonly ExaminedDatabase[]): Notification[] {
  return databases.flatMap(({ path, beside, checks = [] }) =>
    checks.map(({ what, state, says }) => ({
      descriptor: { id: `database.${what}` },
      level: LEVELS[state],
      message: { text: `${shown(beside?.name ?? path)}: ${what} ${state}: ${shown(says)}` },
    })),
  );
}
