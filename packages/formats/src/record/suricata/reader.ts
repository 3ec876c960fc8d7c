import { linesOf, MAX_LINE_BYTES } from '../lines.ts';
import { DatabaseRecord, type Literal, type RecordReader } from '../record.ts';
import { contentText, partsOfRule, type SuricataParts } from './rule.ts';

/** One rule; disabled where a `#` stands before it. */
export class SuricataRule extends DatabaseRecord {
  readonly format = 'suricata';
  readonly parts: SuricataParts;
  readonly #enabled: boolean;

  constructor(
    member: string,
    line: number,
    offset: number,
    source: string,
    enabled: boolean,
    parts: SuricataParts,
  ) {
    super(member, line, offset, source);
    this.#enabled = enabled;
    this.parts = parts;
  }

  override get kind(): string {
    return this.parts.action;
  }

  /** `gid:sid`; the generator is 1 where none is given. */
  override get id(): string {
    const sid = this.option('sid');
    return sid === undefined ? '' : `${this.option('gid') ?? '1'}:${sid}`;
  }

  override get revision(): string | undefined {
    return this.option('rev');
  }

  override get enabled(): boolean {
    return this.#enabled;
  }

  /** The value of the first option of a name; `` for one without a value. */
  option(key: string): string | undefined {
    const found = this.parts.options.find((option) => option.key === key);
    return found === undefined ? undefined : (found.value ?? '');
  }

  override get detection(): string {
    const { action, protocol, source, destination, options } = this.parts;
    const what = options
      .filter(({ key }) => !METADATA.has(key))
      .map(({ key, value }) => `${key}:${value ?? ''}`);
    return [action, protocol, source, destination, ...what].join(' ');
  }

  override literals(): readonly Literal[] {
    return this.parts.options.flatMap(({ key, value }): Literal[] => {
      if (value === undefined) return [];
      if (key === 'pcre') return [{ text: value.replace(/^!?"|"$/g, ''), written: 'regex' }];
      if (LITERAL.has(key))
        return [{ text: contentText(value), written: value.includes('|') ? 'hex' : 'text' }];
      return [];
    });
  }
}

const METADATA = new Set([
  'msg',
  'reference',
  'metadata',
  'rev',
  'sid',
  'gid',
  'classtype',
  'priority',
]);
const LITERAL = new Set(['content', 'uricontent', 'filename', 'fileext', 'filemagic']);

class SuricataUnknown extends DatabaseRecord {
  readonly format = 'suricata';
  readonly kind: string = 'unknown';
  readonly id: string = '';
}

/**
 * Rules of a `.rules` file, one a line, `\` at a line's end continuing it.
 *
 * A comment that reads as a rule is a disabled rule; one that does not is
 * prose. A line that is no comment and no rule is a record not understood.
 */
export const suricataReader: RecordReader = {
  format: 'suricata',
  *read({ path, pieces }) {
    let held = '';
    let heldLine = 0;
    let heldOffset = 0;
    for (const { text, number, offset, size } of linesOf(pieces)) {
      if (text === undefined) {
        const record = new SuricataUnknown(path, number, offset, '');
        record.unknown = { code: 'record.line-too-long', message: `a line of ${size} bytes` };
        yield record;
        continue;
      }
      if (held === '') {
        heldLine = number;
        heldOffset = offset;
      }
      const whole = held + text;
      if (text.endsWith('\\') && whole.length < MAX_LINE_BYTES) {
        held = whole.slice(0, -1);
        continue;
      }
      held = '';
      const record = ruleOf(path, heldLine, heldOffset, whole);
      if (record !== undefined) yield record;
    }
    if (held !== '') {
      const record = ruleOf(path, heldLine, heldOffset, held);
      if (record !== undefined) yield record;
    }
  },
};

function ruleOf(
  path: string,
  line: number,
  offset: number,
  text: string,
): DatabaseRecord | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const isComment = trimmed.startsWith('#');
  const rule = isComment ? trimmed.replace(/^[#\s]+/, '') : trimmed;
  const parts = partsOfRule(rule);
  const reads = typeof parts === 'object';
  if (isComment && (!reads || !parts.options.some(({ key }) => key === 'sid'))) return undefined;
  if (reads) return new SuricataRule(path, line, offset, text, !isComment, parts);
  const record = new SuricataUnknown(path, line, offset, text);
  record.unknown = { code: 'suricata.rule', message: parts ?? 'no rule begins this line' };
  return record;
}
