import { readFileSync } from 'node:fs';
import {
  BECAUSE,
  DeclarationRefused,
  type Gated,
  type GateState,
  gate,
  RANKS,
  type Rank,
  readAllowed,
  STOPPING,
} from '@avow/declare';
import type { Examination, Finding } from '@avow/examine';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { sayFinding } from '../render/declared.ts';
import { shown } from '../render/shown.ts';
import type { GateOptions } from './gate-options.ts';

/** Today's date in UTC, YYYY-MM-DD: what expiry and a draft's date are reckoned by. */
export function isoToday(): string {
  return new Date().toISOString().slice(0, 10);
}

const FAIL_ON = /^(?:undeclared(?::(critical|high|medium|low))?|incomplete)$/;

/** Read before the work, so that a wrong option is told at once. */
export function gateRules(options: GateOptions): GateReading {
  const conditions = (options.failOn ?? ['undeclared', 'incomplete']).flatMap((text) =>
    text.split(','),
  );
  let failOn: Rank | undefined;
  for (const condition of conditions) {
    const match = FAIL_ON.exec(condition);
    if (match === null) {
      throw new UsageError(
        `--fail-on ${condition} is no condition`,
        `give undeclared, undeclared:RANK (${RANKS.join(', ')}) or incomplete`,
      );
    }
    if (condition !== 'incomplete') failOn = (match[1] as Rank | undefined) ?? 'low';
  }
  return {
    failOn,
    failsIncomplete: conditions.includes('incomplete'),
    allowed: options.allow === undefined ? [] : readAllowed(textOf(options.allow), options.allow),
    baseline: options.baseline === undefined ? new Set() : baselineOf(options.baseline),
  };
}

export interface GateReading {
  readonly failOn: Rank | undefined;
  readonly failsIncomplete: boolean;
  readonly allowed: ReturnType<typeof readAllowed>;
  readonly baseline: ReadonlySet<string>;
}

/** What the gate says, in lines for people, and the exit status. */
export function passGate(
  examination: Examination,
  reading: GateReading,
): { readonly lines: readonly string[]; readonly status: ExitStatus } {
  const digests = new Map(examination.modules.map(({ path, digest }) => [path, digest as string]));
  const { failOn, allowed, baseline } = reading;
  const gated = gate(examination.findings, {
    failOn,
    allowed,
    baseline,
    digests,
    today: isoToday(),
  });
  const stopping = gated.filter(({ state }) => STOPPING.includes(state));
  const state = examination.declaration?.state;
  const lacks = failOn !== undefined && (state === 'none' || state === undefined);
  const isIncomplete = examination.answer === 'incomplete' || state === 'refused';
  const lines = [
    ...stopping.map(line),
    ...(lacks ? ['stops: there is no declaration to hold the product to'] : []),
    ...(isIncomplete
      ? [`${reading.failsIncomplete ? 'stops' : 'let through'}: not everything was read`]
      : []),
    counts(gated),
  ];
  if (stopping.length > 0 || lacks) return { lines, status: EXIT.findings };
  const status = isIncomplete && reading.failsIncomplete ? EXIT.incomplete : EXIT.ok;
  return { lines, status };
}

function line({ finding, state, line }: Gated<Finding>): string {
  const why = {
    expired: ' (accepted until its day had passed',
    changed: ' (accepted for other code',
  };
  const note = state === 'expired' || state === 'changed' ? `${why[state]}, line ${line})` : '';
  const because = BECAUSE[finding.because ?? 'no-entry'];
  const what = `stops: ${finding.rank}: ${sayFinding(finding)} at ${shown(finding.locator ?? '')}`;
  return `${what}; ${because}${note} [${shown(finding.of)}]`;
}

/** For people: what follows a count of findings. */
const STATES: Readonly<Record<GateState, string>> = {
  stops: 'to settle',
  below: 'of a lower rank, let through',
  accepted: 'accepted, let through',
  known: 'of the baseline, let through',
  expired: 'to settle, for its acceptance has expired',
  changed: 'to settle, for it was accepted for other code',
};

function counts(gated: readonly Gated<Finding>[]): string {
  const by = Map.groupBy(gated, ({ state }) => state);
  const told = [...by].map(([state, list]) => `${list.length} ${STATES[state]}`);
  return `gate: ${told.length === 0 ? 'no findings' : told.join('; ')}`;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `cannot read ${file}: ${error instanceof Error ? error.message : error}`,
      'give a file that is there',
    );
  }
}

function baselineOf(file: string): ReadonlySet<string> {
  let document: { schema?: unknown; findings?: readonly { id?: unknown }[] };
  try {
    document = JSON.parse(textOf(file)) ?? {};
  } catch (error) {
    if (error instanceof UsageError) throw error;
    document = {};
  }
  if (document.schema !== 'avow.examination/1' || !Array.isArray(document.findings)) {
    throw new UsageError(
      `${file} is no result of avow examine`,
      'make one with --format json --output',
    );
  }
  return new Set(document.findings.map(({ id }) => String(id)));
}

/** A declaration's faults are the user's to mend: told with line and column. */
export function tellRefused(error: unknown): UsageError | undefined {
  if (!(error instanceof DeclarationRefused)) return undefined;
  return new UsageError(error.message, `avow code ${error.code} says more`);
}
