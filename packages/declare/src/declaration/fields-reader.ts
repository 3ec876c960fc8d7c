import type { Spot } from './declaration.ts';
import { type MapValue, shorten, type Value } from './document.ts';
import { type Fields, MAX_WORDS } from './fields.ts';
import { nearest } from './nearest.ts';
import type { DeclarationFault } from './refused.ts';

/** More faults than these tell a writer nothing. */
const MAX_FAULTS = 100;

/** Reads typed values out of a document and collects every fault on the way. */
export class FieldsReader {
  readonly faults: DeclarationFault[] = [];

  fault(code: string, spot: Spot, found: string, expected: string): void {
    if (this.faults.length >= MAX_FAULTS) return;
    this.faults.push({ code, line: spot.line, column: spot.column, found, expected });
  }

  /**
   * The map's values by field; unknown, missing and misplaced fields are faults.
   * A misspelt field is read as the one that was meant, so that what is wrong
   * within it is told as well.
   */
  fields<F extends Fields>(value: Value, fields: F): { [K in keyof F]?: Value } | undefined {
    if (value.kind !== 'map') {
      this.#wrongType(value, `a map with ${Object.keys(fields).slice(0, 4).join(', ')} …`);
      return undefined;
    }
    const values: Record<string, Value> = Object.create(null);
    for (const pair of value.pairs) {
      const name = String(pair.key.value);
      if (Object.hasOwn(fields, name)) values[name] = pair.value;
    }
    for (const pair of value.pairs) {
      const name = String(pair.key.value);
      if (Object.hasOwn(fields, name)) continue;
      const names = Object.keys(fields);
      const meant = this.#unknown('declaration.unknown-field', pair.key, name, names);
      if (meant !== undefined) values[meant] ??= pair.value;
    }
    this.#missing(value, values, fields);
    return values as { [K in keyof F]?: Value };
  }

  text(value: Value): string | undefined {
    if (value.kind === 'scalar' && typeof value.value === 'string' && value.value !== '') {
      if (value.value.length <= MAX_WORDS) return value.value;
      this.fault(
        'declaration.value',
        value,
        `${value.value.length} characters`,
        `at most ${MAX_WORDS}`,
      );
      return undefined;
    }
    this.#wrongType(value, 'text (in quotes where it looks like a number)');
    return undefined;
  }

  /** One text or a list of them, at least one. */
  texts(value: Value): readonly { readonly text: string; readonly spot: Spot }[] {
    const items = value.kind === 'list' ? value.items : [value];
    if (items.length === 0) this.#wrongType(value, 'at least one');
    return items.flatMap((item) => {
      const text = this.text(item);
      return text === undefined ? [] : [{ text, spot: { line: item.line, column: item.column } }];
    });
  }

  /** One word or a list of them, each looked up; an unknown one is told with its nearest neighbour. */
  words<T>(
    value: Value,
    lookUp: (word: string) => readonly T[] | undefined,
    words: readonly string[],
  ): readonly T[] {
    const found = this.texts(value).flatMap(({ text, spot }) => {
      const meant = lookUp(text);
      if (meant === undefined) this.#unknown('declaration.unknown-word', spot, text, words);
      return meant ?? [];
    });
    return [...new Set(found)];
  }

  matching(value: Value, isRight: (text: string) => boolean, expected: string): readonly string[] {
    return this.texts(value).flatMap(({ text, spot }) => {
      if (isRight(text)) return [text];
      this.fault('declaration.value', spot, `"${shorten(text)}"`, expected);
      return [];
    });
  }

  list(value: Value): readonly Value[] {
    if (value.kind === 'list') return value.items;
    this.#wrongType(value, 'a list');
    return [];
  }

  #missing(map: MapValue, values: Record<string, Value>, fields: Fields): void {
    for (const [name, field] of Object.entries(fields)) {
      if (field.isRequired !== true || name in values) continue;
      this.fault('declaration.missing-field', map, `no "${name}"`, `"${name}": ${field.says}`);
    }
  }

  /** Gives the nearest right word, if one is near. */
  #unknown(code: string, spot: Spot, word: string, words: readonly string[]): string | undefined {
    const near = nearest(word, words);
    const some =
      words.length > 12 ? `one of ${words.length} words (docs/declaration.md)` : words.join(', ');
    this.fault(code, spot, `"${shorten(word)}"`, near === undefined ? some : `"${near}"`);
    return near;
  }

  #wrongType(value: Value, expected: string): void {
    const found =
      value.kind === 'scalar'
        ? value.value === null
          ? 'nothing'
          : shorten(String(value.value))
        : `a ${value.kind}`;
    this.fault('declaration.wrong-type', value, found, expected);
  }
}
