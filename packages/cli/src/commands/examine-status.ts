import type { Answer, Examination } from '@avow/examine';
import { EXIT, type ExitStatus } from '../exit.ts';
import type { GateReading } from './declare-gate.ts';
import { type GateOptions, isGated } from './gate-options.ts';

const STATUSES: Readonly<Record<Answer, ExitStatus>> = {
  undeclared: EXIT.findings,
  declared: EXIT.ok,
  'none-found': EXIT.ok,
  'no-declaration': EXIT.findings,
  incomplete: EXIT.incomplete,
};

/** The exit status of one result; where a gate is asked for, what that says is told on standard error. */
export async function statusOf(
  examination: Examination,
  gate: GateReading | undefined,
): Promise<ExitStatus> {
  if (gate === undefined) return STATUSES[examination.answer];
  const { passGate } = await import('./declare-gate.ts');
  const { lines, status } = passGate(examination, gate);
  process.stderr.write(`${lines.join('\n')}\n`);
  return status;
}

export async function gateOf(options: GateOptions): Promise<GateReading | undefined> {
  if (!isGated(options)) return undefined;
  const { gateRules, tellRefused } = await import('./declare-gate.ts');
  try {
    return gateRules(options);
  } catch (error) {
    throw tellRefused(error) ?? error;
  }
}
