import type { Why } from '@avow/bytes';
import type { ModuleReading } from '@avow/examine';

/** The reading of a module that could not be read. */
export function unreadFor(why: Why): ModuleReading {
  return { state: 'unread', why, features: [], unknowns: [], imports: [], exports: {}, links: [] };
}
