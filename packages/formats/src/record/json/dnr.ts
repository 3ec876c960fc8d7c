import type { Why } from '@avow/bytes';
import { readAdblockText } from '../adblock/reader.ts';
import { LineCounter, wholeText } from '../lines.ts';
import type { RecordReader } from '../record.ts';
import { afterBlank, elementsOf } from './elements.ts';
import { objectOf, ValueRecord } from './record.ts';

/** The largest rule set met has 48 MB. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

const ACTIONS = new Set([
  'block',
  'allow',
  'allowAllRequests',
  'redirect',
  'upgradeScheme',
  'modifyHeaders',
]);

/**
 * Rules of a declarativeNetRequest rule set (Chrome extensions API reference,
 * `chrome.declarativeNetRequest`): an array of `{ id, priority, action, condition }`.
 *
 * AdGuard's compiled sets carry the filter list that they were made from in
 * the first rule's `metadata.rawFilterList`: its rules are read as records of
 * the member `<path>!/rawFilterList`.
 */
export const dnrReader: RecordReader = {
  format: 'dnr',
  *read({ path, pieces }, { rulesets }) {
    const text = wholeText(pieces, MAX_FILE_BYTES);
    const start = text === undefined ? 0 : afterBlank(text, text.startsWith('\u00ef') ? 3 : 0);
    if (text === undefined || text[start] !== '[') {
      const unknown = { code: 'dnr.rule', message: 'no array of rules' };
      const parts = { format: 'dnr', kind: 'unknown', id: '', value: {}, unknown } as const;
      yield new ValueRecord(path, 1, 0, '', parts);
      return;
    }
    const ruleset = rulesets.get(path);
    const lines = new LineCounter(text);
    let end = start;
    for (const span of elementsOf(text, start)) {
      end = span.end;
      const source = text.slice(span.start, span.end);
      const { value, unknown } = objectOf(source, 'dnr.rule');
      const list = rawListOf(value);
      if (list !== undefined) yield* readAdblockText(`${path}!/rawFilterList`, list);
      const action = (value['action'] as { type?: unknown } | undefined)?.type;
      yield new ValueRecord(path, lines.lineAt(span.start), span.start, source, {
        format: 'dnr',
        kind: typeof action === 'string' ? action : 'unknown',
        id: ruleset === undefined ? String(value['id'] ?? '') : `${ruleset.id}:${value['id']}`,
        value: list === undefined ? value : { ...value, metadata: undefined },
        enabled: ruleset?.enabled ?? true,
        unknown: unknown ?? faultOf(value, action),
        detects: ['action', 'condition', 'priority'],
      });
    }
    if (text[afterBlank(text, end === start ? start + 1 : end)] !== ']') {
      const unknown = { code: 'dnr.rule', message: 'the array is not closed here' };
      const parts = { format: 'dnr', kind: 'unknown', id: '', value: {}, unknown } as const;
      yield new ValueRecord(path, lines.lineAt(end), end, text.slice(end, end + 256), parts);
    }
  },
};

function faultOf(value: Readonly<Record<string, unknown>>, action: unknown): Why | undefined {
  const fault =
    typeof value['id'] !== 'number'
      ? 'no numeric id'
      : typeof action !== 'string' || !ACTIONS.has(action)
        ? `action ${JSON.stringify(action)}`
        : typeof value['condition'] !== 'object'
          ? 'no condition'
          : undefined;
  return fault === undefined ? undefined : { code: 'dnr.rule', message: fault };
}

function rawListOf(value: Readonly<Record<string, unknown>>): string | undefined {
  const metadata = value['metadata'] as { rawFilterList?: unknown } | undefined;
  return typeof metadata?.rawFilterList === 'string' ? metadata.rawFilterList : undefined;
}
