import { Docket } from '@avow/docket';
import { type DocketFolder, openDocketFolder } from '@avow/stores/docket';
import { UsageError } from '../../errors.ts';
import { jsonText } from '../../render/shown.ts';
import { terminalOf } from '../../render/terminal.ts';
import { wrapped } from '../../render/wrap.ts';

/** Options of every command of the docket. */
export interface DocketOptions {
  readonly docket: string;
  readonly json?: boolean;
  /** `lead:ana`: in what role, and under what name. */
  readonly as?: string;
}

export type Now = () => number;
export const CLOCK: Now = () => Date.now();

/** Opens the docket, makes the moves that are due, and closes it whatever comes of the work. */
export async function withDocket<T>(
  { docket: folder }: DocketOptions,
  now: Now,
  work: (docket: Docket, opened: DocketFolder) => Promise<T>,
): Promise<T> {
  const opened = openDocketFolder(folder);
  try {
    const docket = new Docket(opened.store, opened.kept, now);
    await docket.tick();
    return await work(docket, opened);
  } finally {
    opened.close();
  }
}

const ROLES = ['claimant', 'vendor', 'investigator', 'lead', 'coordinator', 'publisher'] as const;

/** `ROLE:NAME` as an actor. */
export function actorOf(text: string | undefined): {
  role: (typeof ROLES)[number];
  name: string;
} {
  const [role = '', ...name] = (text ?? '').split(':');
  const known = ROLES.find((one) => one === role);
  if (known !== undefined && name.length > 0 && name.join(':').trim() !== '') {
    return { role: known, name: name.join(':').trim() };
  }
  throw new UsageError(
    `"${text ?? ''}" says neither role nor name`,
    `give --as ROLE:NAME; roles are ${ROLES.join(', ')}`,
  );
}

/** What a command prints: values for programs, lines for people. */
export function tell(value: unknown, lines: readonly string[], isJson: boolean | undefined): void {
  process.stdout.write(isJson === true ? jsonText(value, 1) : `${fitted(lines).join('\n')}\n`);
}

/** At a terminal, words are not cut at its edge; a locator stays whole, so that it can be copied. */
function fitted(lines: readonly string[]): readonly string[] {
  if (process.stdout.isTTY !== true) return lines;
  const { columns } = terminalOf(process.stdout, process.env);
  return lines.flatMap((line) => {
    const indent = /^ */.exec(line)![0].length;
    const whole = line.slice(indent).replaceAll(/(\S) (?=@[a-z]{2,4}:)/g, '$1\u00a0');
    const [first = '', ...more] = wrapped(whole, columns - indent - 2);
    const [left, hanging] = [' '.repeat(indent), ' '.repeat(indent + 2)];
    return [left + first, ...more.map((one) => hanging + one)].map((one) =>
      one.replaceAll('\u00a0', ' '),
    );
  });
}
