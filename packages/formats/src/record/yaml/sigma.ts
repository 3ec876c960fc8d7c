import type { Why } from '@avow/bytes';
import { ValueRecord } from '../json/record.ts';
import { LineCounter, wholeText } from '../lines.ts';
import type { RecordReader } from '../record.ts';
import { documentsOf, MAX_YAML_BYTES } from './documents.ts';

/**
 * Sigma rules and correlations, one a YAML document (Sigma specification 2.1).
 *
 * The id is the UUID of `id`, the revision is `modified`, else `date`. The
 * detection is `logsource` without its `definition`, `detection` and `correlation`.
 */
export const sigmaReader: RecordReader = {
  format: 'sigma',
  *read({ path, pieces }) {
    const text = wholeText(pieces, MAX_YAML_BYTES);
    if (text === undefined) {
      const unknown = { code: 'record.too-large', message: `more than ${MAX_YAML_BYTES} bytes` };
      const parts = { format: 'sigma', kind: 'unknown', id: '', value: {}, unknown } as const;
      yield new ValueRecord(path, 1, 0, '', parts);
      return;
    }
    const lines = new LineCounter(text);
    for (const piece of documentsOf(text, 'sigma.rule')) {
      const value = asObject(piece.value);
      yield new ValueRecord(path, lines.lineAt(piece.offset), piece.offset, piece.source, {
        format: 'sigma',
        kind: value['correlation'] === undefined ? 'rule' : 'correlation',
        id: textOf(value['id']) ?? textOf(value['name']) ?? '',
        value,
        revision: textOf(value['modified']) ?? textOf(value['date']),
        enabled: value['status'] !== 'deprecated' && value['status'] !== 'unsupported',
        unknown: piece.unknown ?? faultOf(value),
        detects: ['logsource', 'detection', 'correlation', 'filter'],
        tells: DESCRIBED,
      });
    }
  },
};

/** `logsource.definition` tells people how to switch the log on; engines do not read it (specification, "Log source"). */
const DESCRIBED = new Map([['logsource', 'definition']]);

function faultOf(value: Readonly<Record<string, unknown>>): Why | undefined {
  if (typeof value['title'] !== 'string') return { code: 'sigma.rule', message: 'no title' };
  const detection = asObject(value['detection']);
  if (value['correlation'] !== undefined || value['filter'] !== undefined) return undefined;
  return detection['condition'] === undefined
    ? { code: 'sigma.rule', message: 'no detection with a condition' }
    : undefined;
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return value instanceof Date ? value.toISOString().slice(0, 10) : undefined;
}
