import type { Why } from '@avow/bytes';
import type { ModuleReading } from '@avow/examine';

/** The reading of a module that could not be read. */
export function unreadFor(why: Why): ModuleReading {
  const nothing = { features: [], unknowns: [], imports: [], exports: {}, uses: [], links: [] };
  return { state: 'unread', why, ...nothing };
}
