import { textOfLatin1 } from '@avow/bytes';

/**
 * The parts of one Suricata or Snort rule (Suricata 8 documentation, "Rules
 * Format"): `action proto src sport -> dst dport ( key[:value]; … )`.
 */
export interface SuricataParts {
  readonly action: string;
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly options: readonly SuricataOption[];
}

export interface SuricataOption {
  readonly key: string;
  /** As written, without spaces at its ends; undefined for a keyword alone. */
  readonly value: string | undefined;
}

export const ACTIONS = [
  'alert',
  'config',
  'pass',
  'drop',
  'reject',
  'rejectsrc',
  'rejectdst',
  'rejectboth',
  'block',
  'sdrop',
  'log',
  'activate',
  'dynamic',
] as const;

const HEAD = new RegExp(
  `^(${ACTIONS.join('|')})\\s+([\\w.:/-]+)\\s+(?:(.+?)\\s+(->|<>|<-|=>)\\s+([^(]+?)\\s*)?\\(`,
);

/** What cannot be told apart from prose: undefined. A rule with a fault: a text that says it. */
export function partsOfRule(text: string): SuricataParts | string | undefined {
  const head = HEAD.exec(text.length > 65_536 ? text.slice(0, 65_536) : text);
  if (head === null) return undefined;
  const options = optionsOf(text, head[0].length);
  if (typeof options === 'string') return options;
  const [, action, protocol, source, direction, destination] = head;
  return {
    action: action!,
    protocol: protocol!,
    source: source ?? '',
    destination: direction === undefined ? '' : `${direction} ${destination}`,
    options,
  };
}

function optionsOf(text: string, from: number): SuricataOption[] | string {
  const options: SuricataOption[] = [];
  let start = from;
  let isQuoted = false;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 34) isQuoted = !isQuoted;
    else if (code === 59 && !isQuoted) {
      const option = optionOf(text.slice(start, at));
      if (option === undefined) return 'an option without a name';
      options.push(option);
      start = at + 1;
    } else if (code === 41 && !isQuoted && /^\s*(?:#.*)?$/.test(text.slice(at + 1))) {
      const last = text.slice(start, at).trim();
      return last === '' ? options : `${JSON.stringify(last)} without ;`;
    }
  }
  return isQuoted ? 'a quote is not closed' : 'the options are not closed';
}

function optionOf(text: string): SuricataOption | undefined {
  const trimmed = text.trim();
  const colon = trimmed.indexOf(':');
  const key = (colon === -1 ? trimmed : trimmed.slice(0, colon)).trim();
  if (key === '' || /[\s"]/.test(key)) return undefined;
  return { key, value: colon === -1 ? undefined : trimmed.slice(colon + 1).trim() };
}

/** A content's text: quotes and `!` off, `\`-escapes and `|hex|` resolved. */
export function contentText(value: string): string {
  const inner = value.replace(/^!?\s*"?/, '').replace(/"\s*(?:,.*)?$/, '');
  return textOfLatin1(
    inner.replaceAll(/\\(.)|\|([0-9a-fA-F\s]*)\|/g, (_whole, char, hex) =>
      hex === undefined
        ? char
        : (hex.match(/[0-9a-fA-F]{2}/g) ?? [])
            .map((pair: string) => String.fromCharCode(Number.parseInt(pair, 16)))
            .join(''),
    ),
  );
}
