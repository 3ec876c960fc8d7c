import { NOTHING, type Value } from './value.ts';

/** Globals that have a value everywhere. */
export const GLOBAL_VALUES: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['undefined', NOTHING],
  ['__dirname', '.'],
  ['__filename', './…'],
]);

/**
 * How a file is opened, as Linux numbers it (open(2)). Rules ask only whether
 * it is read or written, which all systems number alike.
 */
const OPEN_FLAGS: ReadonlyMap<string, number> = new Map([
  ['O_RDONLY', 0],
  ['O_WRONLY', 1],
  ['O_RDWR', 2],
  ['O_CREAT', 0o100],
  ['O_EXCL', 0o200],
  ['O_TRUNC', 0o1000],
  ['O_APPEND', 0o2000],
  ['O_NOFOLLOW', 0o400000],
]);

/** The module's own place, by `import.meta`. */
export const META_VALUES: ReadonlyMap<string, Value> = new Map([
  ['url', './…'],
  ['dirname', '.'],
  ['filename', './…'],
]);

/** Values that stand for themselves: a variable of the environment, the module's folder. */
export function valueOfOrigin(origin: string): Value | undefined {
  const variable = /^process\.env\.(\w+)$/.exec(origin);
  if (variable !== null)
    return variable[1] === 'HOME' || variable[1] === 'USERPROFILE' ? '~' : `$${variable[1]}`;
  const flag = /^(?:fs\.)?(?:promises\.)?constants\.(O_[A-Z]+)$/.exec(origin)?.[1];
  if (flag !== undefined) return OPEN_FLAGS.get(flag);
  // The program that runs the script, which is another where it is packed into one.
  if (origin === 'process.execPath') return 'node';
  if (origin === 'path.sep' || origin === 'path.posix.sep') return '/';
  if (origin === 'os.EOL') return '\n';
  return undefined;
}
