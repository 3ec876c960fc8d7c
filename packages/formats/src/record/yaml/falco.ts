import type { Why } from '@avow/bytes';
import { ValueRecord } from '../json/record.ts';
import { LineCounter, wholeText } from '../lines.ts';
import type { RecordReader } from '../record.ts';
import { listItemsOf, MAX_YAML_BYTES } from './documents.ts';
import { asObject } from './sigma.ts';

const KINDS = ['rule', 'macro', 'list'] as const;

/** `required_engine_version` and the like say what reads the file: they are no records. */
const SETTINGS = /^required_/;

/**
 * Falco rules, macros and lists, items of one YAML list (Falco documentation,
 * "Rules"). Macros and lists are records too: they decide what a rule matches.
 */
export const falcoReader: RecordReader = {
  format: 'falco',
  *read({ path, pieces }) {
    const text = wholeText(pieces, MAX_YAML_BYTES) ?? '';
    const lines = new LineCounter(text);
    for (const piece of listItemsOf(text, 'falco.item')) {
      const value = asObject(piece.value);
      if (Object.keys(value).some((key) => SETTINGS.test(key))) continue;
      const kind = KINDS.find((one) => typeof value[one] === 'string');
      yield new ValueRecord(path, lines.lineAt(piece.offset), piece.offset, piece.source, {
        format: 'falco',
        kind: kind ?? 'unknown',
        id: kind === undefined ? '' : String(value[kind]),
        value,
        enabled: value['enabled'] !== false,
        unknown: piece.unknown ?? faultOf(kind, value),
        detects: [
          'condition',
          'items',
          'output',
          'priority',
          'exceptions',
          'append',
          'override',
          'source',
          'enabled',
          'capture',
        ],
      });
    }
  },
};

const NEEDED = { rule: 'condition', macro: 'condition', list: 'items' } as const;

function faultOf(
  kind: (typeof KINDS)[number] | undefined,
  value: Readonly<Record<string, unknown>>,
): Why | undefined {
  if (kind === undefined) return { code: 'falco.item', message: 'no rule, macro or list' };
  const isChange = value['append'] === true || value['override'] !== undefined;
  if (isChange || value['enabled'] !== undefined || value[NEEDED[kind]] !== undefined)
    return undefined;
  return { code: 'falco.item', message: `a ${kind} without ${NEEDED[kind]}` };
}
