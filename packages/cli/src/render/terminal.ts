import { styleText } from 'node:util';

/** What the place that output goes to can show. */
export interface Terminal {
  readonly columns: number;
  readonly hasColor: boolean;
  /** Understands OSC 8 hyperlinks. */
  readonly hasLinks: boolean;
}

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan' | 'inverse' | 'underline';

/** Narrower terminals wrap by themselves; wider lines are hard for the eye to follow. */
const MIN_COLUMNS = 80;
const MAX_COLUMNS = 120;
const DEFAULT_COLUMNS = 80;

/**
 * Colour on a terminal only; `NO_COLOR` (no-color.org) turns it off and
 * `FORCE_COLOR` on, where not `0`.
 */
export function terminalOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isTerminal = stream.isTTY === true && environment['TERM'] !== 'dumb';
  const forced = environment['FORCE_COLOR'];
  const refused = environment['NO_COLOR'];
  const hasColor = forced !== undefined && forced !== '' ? forced !== '0' : isTerminal && !refused;
  const columns = stream.columns || Number(environment['COLUMNS']) || DEFAULT_COLUMNS;
  return {
    columns: Math.min(MAX_COLUMNS, Math.max(MIN_COLUMNS, columns)),
    hasColor,
    hasLinks: isTerminal && hasColor,
  };
}

export const PLAIN: Terminal = { columns: DEFAULT_COLUMNS, hasColor: false, hasLinks: false };

export function styled(terminal: Terminal, style: Style | readonly Style[], text: string): string {
  if (!terminal.hasColor) return text;
  return styleText(typeof style === 'string' ? style : [...style], text, { validateStream: false });
}

/** `text` as a link to `uri`; both must be safe to print. */
export function linked(terminal: Terminal, uri: string | undefined, text: string): string {
  if (!terminal.hasLinks || uri === undefined) return text;
  return `\u001b]8;;${uri}\u001b\\${text}\u001b]8;;\u001b\\`;
}
