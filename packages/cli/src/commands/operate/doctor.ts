import type { Found } from '@avow/server';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { shown } from '../../render/shown.ts';
import { styled, type Terminal, terminalOf } from '../../render/terminal.ts';
import type { ServiceOptions } from './options.ts';

export interface DoctorOptions extends ServiceOptions {
  readonly format: 'text' | 'json';
}

/** Looks at a service's configuration and all that it needs; what is bad gives status 1. */
export async function doctorCommand({ format, config, data }: DoctorOptions): Promise<ExitStatus> {
  const { configSources, diagnose, readConfig } = await import('@avow/server');
  const found = await diagnose(() => readConfig(configSources(config, { data })));
  if (format === 'json') process.stdout.write(`${JSON.stringify({ found }, null, 2)}\n`);
  else {
    const terminal = terminalOf(process.stdout, process.env);
    for (const one of found) process.stdout.write(lineOf(one, terminal));
  }
  return found.some(({ state }) => state === 'bad') ? EXIT.findings : EXIT.ok;
}

const COLOURS = { ok: 'green', warn: 'yellow', bad: 'red' } as const;

function lineOf({ what, state, found, next }: Found, terminal: Terminal): string {
  const mark = styled(terminal, COLOURS[state], state.padEnd(4));
  const more = next === undefined || next === '' ? '' : `\n     Next: ${shown(next)}`;
  return `${mark} ${what}: ${shown(found)}${more}\n`;
}
