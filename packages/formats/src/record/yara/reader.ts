import { LineCounter, wholeText } from '../lines.ts';
import { DatabaseRecord, type Literal, type RecordReader } from '../record.ts';
import { literalsOf, partsOf, type YaraParts } from './parts.ts';
import { type RuleSpan, topLevelOf } from './split.ts';

/** The largest rule file met has 6 MB; a file above this is one unread record. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** One YARA rule. */
export class YaraRule extends DatabaseRecord {
  readonly format = 'yara';
  readonly kind: string = 'rule';
  readonly span: RuleSpan;
  #parts: YaraParts | undefined;

  constructor(member: string, line: number, source: string, span: RuleSpan) {
    super(member, line, span.start, source);
    this.span = span;
  }

  /** `meta.id` is a better identity across renames; the name is what `yara` prints. */
  override get id(): string {
    return this.span.name;
  }

  override get revision(): string | undefined {
    const { meta } = this.parts;
    return meta.get('modified') ?? meta.get('version') ?? meta.get('date');
  }

  get parts(): YaraParts {
    this.#parts ??= partsOf(
      this.source.slice(this.span.body - this.span.start + 1, this.source.length - 1),
    );
    return this.#parts;
  }

  /** Patterns and condition, spaces and comments in one form. */
  override get detection(): string {
    const { patterns, condition } = this.parts;
    const { isPrivate, isGlobal } = this.span;
    return [
      `${isGlobal ? 'global ' : ''}${isPrivate ? 'private ' : ''}`,
      ...patterns.map(
        ({ name, kind, written, modifiers }) =>
          `${name}=${kind}:${kind === 'hex' ? written.replaceAll(/\s+/g, '').toUpperCase() : written}:${modifiers.join(' ')}`,
      ),
      condition,
    ].join('\n');
  }

  override literals(): readonly Literal[] {
    const { patterns, condition } = this.parts;
    const quoted = [...condition.matchAll(/"((?:[^"\\\n]|\\.)*)"?/g)].map((match) => ({
      text: match[1]!,
      written: 'text' as const,
    }));
    return [...patterns.flatMap(literalsOf), ...quoted];
  }
}

/** What stands at a file's top level and is neither a rule nor an import. */
class YaraUnknown extends DatabaseRecord {
  readonly format = 'yara';
  readonly kind: string = 'unknown';
  readonly id: string = '';
}

/** Rules of a YARA file. Imports and includes are no records. */
export const yaraReader: RecordReader = {
  format: 'yara',
  *read({ path, pieces }) {
    const text = wholeText(pieces, MAX_FILE_BYTES);
    if (text === undefined) {
      const record = new YaraUnknown(path, 1, 0, '');
      record.unknown = { code: 'record.too-large', message: `more than ${MAX_FILE_BYTES} bytes` };
      yield record;
      return;
    }
    const lines = new LineCounter(text);
    for (const item of topLevelOf(text)) {
      const line = lines.lineAt(item.start);
      if (item.what === 'rule') {
        const rule = new YaraRule(path, line, text.slice(item.start, item.end), item);
        const fault = item.fault ?? (rule.parts.condition === '' ? 'no condition' : undefined);
        if (fault !== undefined) rule.unknown = { code: 'yara.rule', message: fault };
        yield rule;
      } else if (item.what === 'unknown') {
        const record = new YaraUnknown(path, line, item.start, text.slice(item.start, item.end));
        record.unknown = { code: 'yara.rule', message: 'neither a rule nor an import' };
        yield record;
      }
    }
  },
};
