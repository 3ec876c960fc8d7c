import { readFileSync } from 'node:fs';

/** Of the command that runs, as its manifest has it. */
export function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}
