import { LineCounter, wholeText } from '../lines.ts';
import type { RecordReader } from '../record.ts';
import { afterBlank, elementsOf } from './elements.ts';
import { objectOf, ValueRecord } from './record.ts';

const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * Rules of autoconsent: `{ "autoconsent": [ … ] }` or one rule a file
 * (@duckduckgo/autoconsent, lib/rules.ts). A rule is known by its name.
 */
export const autoconsentReader: RecordReader = {
  format: 'autoconsent',
  *read({ path, pieces }) {
    const text = wholeText(pieces, MAX_FILE_BYTES) ?? '';
    const lines = new LineCounter(text);
    const start = afterBlank(text, 0);
    const list = [...elementsOf(text, start)].find(
      ({ name, start: at }) => name === 'autoconsent' && text[at] === '[',
    );
    const spans = list === undefined ? [{ start, end: text.length }] : elementsOf(text, list.start);
    for (const span of spans) {
      const source = text.slice(span.start, span.end);
      const { value, unknown } = objectOf(source, 'autoconsent.rule');
      const fits = typeof value['name'] === 'string' && Array.isArray(value['detectCmp']);
      yield new ValueRecord(path, lines.lineAt(span.start), span.start, source, {
        format: 'autoconsent',
        kind: 'rule',
        id: typeof value['name'] === 'string' ? value['name'] : '',
        value,
        unknown:
          unknown ??
          (fits ? undefined : { code: 'autoconsent.rule', message: 'no name or no detectCmp' }),
      });
    }
  },
};
