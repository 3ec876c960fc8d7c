import { textOfLatin1, type Why } from '@avow/bytes';
import { CORE_SCHEMA, load } from 'js-yaml';
import { parse } from 'yaml';

/** Longer than any rule file met, and short enough that YAML's costs stay small. */
export const MAX_YAML_BYTES = 8 * 1024 * 1024;

/** One document of a YAML stream, or one element of its top-level list. */
export interface YamlPiece {
  readonly source: string;
  readonly offset: number;
  readonly value: unknown;
  readonly unknown: Why | undefined;
}

/** Documents of a stream, split at `---` lines (YAML 1.2.2, 9.1.4) so that one fault hides no other. */
export function* documentsOf(text: string, code: string): Generator<YamlPiece> {
  let from = 0;
  for (const match of text.matchAll(/^---[^\n]*(?:\n|$)/gm)) {
    yield* pieceOf(text, from, match.index, code);
    from = match.index + match[0].length;
  }
  yield* pieceOf(text, from, text.length, code);
}

/** Elements of a file that is one list, split at the `- ` that begin a line. */
export function* listItemsOf(text: string, code: string): Generator<YamlPiece> {
  const starts = [...text.matchAll(/^- /gm)].map((match) => match.index);
  for (const [index, start] of starts.entries()) {
    for (const piece of pieceOf(text, start, starts[index + 1] ?? text.length, code)) {
      const value = Array.isArray(piece.value) ? piece.value[0] : piece.value;
      yield { ...piece, source: withoutTail(piece.source), value };
    }
  }
}

/** Comments and empty lines after an item belong to what follows. */
function withoutTail(source: string): string {
  let end = source.length;
  for (;;) {
    const from = source.lastIndexOf('\n', end - 1);
    if (from < 0 || !/^[ \t\r]*(?:#[^\n]*)?$/.test(source.slice(from + 1, end))) {
      return source.slice(0, end);
    }
    end = from;
  }
}

function* pieceOf(text: string, from: number, to: number, code: string): Generator<YamlPiece> {
  const source = text.slice(from, to);
  if (!/^[ \t]*[^\s#]/m.test(source)) return;
  try {
    yield { source, offset: from, value: parsedYaml(textOfLatin1(source)), unknown: undefined };
  } catch (error) {
    const message = (error as Error).message.split('\n', 1)[0]!.slice(0, 200);
    yield { source, offset: from, value: undefined, unknown: { code, message } };
  }
}

/**
 * js-yaml is fast and strict; the engines' own parsers take a `]` that is not
 * indented enough, which seven items of Falco's rules have, and so does `yaml`.
 */
function parsedYaml(text: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA });
  } catch (error) {
    if (!(error as Error).message.startsWith('deficient indentation')) throw error;
    return parse(text, { strict: false, logLevel: 'silent', maxAliasCount: 100 });
  }
}
