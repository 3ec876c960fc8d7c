import { LineCounter, wholeText } from '../lines.ts';
import type { RecordReader } from '../record.ts';
import { afterBlank, elementsOf } from './elements.ts';
import { objectOf, ValueRecord } from './record.ts';

const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * Queries of an osquery pack: `{ "queries": { "<name>": { "query", "interval" … } } }`
 * (osquery documentation, "Query packs"). JSON with line continuations inside
 * texts, which osquery takes and JSON does not, is read with them taken out.
 */
export const osqueryReader: RecordReader = {
  format: 'osquery',
  *read({ path, pieces }) {
    const text = wholeText(pieces, MAX_FILE_BYTES) ?? '';
    const lines = new LineCounter(text);
    const queries = [...elementsOf(text, afterBlank(text, 0))].find(
      ({ name, start }) => name === 'queries' && text[start] === '{',
    );
    if (queries === undefined) {
      const unknown = { code: 'osquery.query', message: 'no object of queries' };
      const parts = { format: 'osquery', kind: 'unknown', id: '', value: {}, unknown } as const;
      yield new ValueRecord(path, 1, 0, text.slice(0, 256), parts);
      return;
    }
    for (const { name, start, end } of elementsOf(text, queries.start)) {
      const source = text.slice(start, end);
      const { value, unknown } = objectOf(source.replaceAll(/\\\r?\n\s*/g, ' '), 'osquery.query');
      yield new ValueRecord(path, lines.lineAt(start), start, source, {
        format: 'osquery',
        kind: 'query',
        id: name ?? '',
        value,
        revision: typeof value['version'] === 'string' ? value['version'] : undefined,
        detects: ['query', 'interval', 'platform', 'snapshot', 'removed'],
        unknown:
          unknown ??
          (typeof value['query'] === 'string'
            ? undefined
            : { code: 'osquery.query', message: 'no query' }),
      });
    }
  },
};
