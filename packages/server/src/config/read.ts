import { Refused } from '@avow/bytes';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { CONFIG, type Config } from './config.ts';
import { ALIASES, variables } from './environment.ts';

/** One thing that is wrong with the configuration, and where it was said. */
export interface ConfigFault {
  /** `limits.upload`. */
  readonly key: string;
  /** `avow-server.yaml:3:5`, `AVOW_PORT`, `--port`. */
  readonly place: string;
  readonly says: string;
}

/** Refusal of a configuration, with everything that is wrong with it. */
export class InvalidConfig extends Refused {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(
      'config.invalid',
      undefined,
      faults.map(({ key, place, says }) => `${place}: ${key}: ${says}`).join('\n'),
    );
    this.faults = faults;
  }
}

export interface ConfigSources {
  readonly file?: { readonly name: string; readonly text: string };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of the command line, by key: the last word. */
  readonly options: Readonly<Record<string, string | number | undefined>>;
  /** Where things are kept when nobody says. */
  readonly data: string;
}

/**
 * The configuration out of defaults, the file, the environment and the command
 * line, each before the next. Refuses `config.invalid` with every fault at once.
 */
export function readConfig(sources: ConfigSources): Config {
  const said = new Said();
  said.put(['data'], sources.data, 'the default');
  if (sources.file !== undefined) putFile(said, sources.file);
  for (const [name, path] of [...variables(), ...Object.entries(ALIASES)]) {
    const value = sources.environment[name];
    if (value !== undefined && value !== '') said.put(path, value, name);
  }
  for (const [key, value] of Object.entries(sources.options)) {
    if (value !== undefined) said.put(key.split('.'), value, `--${key.replaceAll('.', '-')}`);
  }
  const parsed = CONFIG.safeParse(said.value);
  if (parsed.success && said.faults.length === 0) return parsed.data;
  const faults = (parsed.error?.issues ?? []).flatMap(({ code, path, message, ...rest }) => {
    const unknown = code === 'unrecognized_keys' ? ((rest as { keys?: string[] }).keys ?? []) : [];
    const paths = unknown.length === 0 ? [path] : unknown.map((key) => [...path, key]);
    return paths.map((one) => ({
      key: one.join('.'),
      place: said.placeOf(one.map(String)),
      says: unknown.length === 0 ? message : 'there is no such key',
    }));
  });
  throw new InvalidConfig([...said.faults, ...faults]);
}

/** What was said, and where, by key. */
class Said {
  readonly value: Record<string, unknown> = Object.create(null);
  readonly faults: ConfigFault[] = [];
  readonly #places = new Map<string, string>();

  put(path: readonly string[], value: unknown, place: string): void {
    let at = this.value;
    for (const key of path.slice(0, -1)) {
      const next = at[key];
      at = (typeof next === 'object' && next !== null ? next : (at[key] = {})) as typeof at;
    }
    at[path.at(-1)!] = value;
    this.#places.set(path.join('.'), place);
  }

  /** Of the key, or of the nearest above it that was said. */
  placeOf(path: readonly string[]): string {
    for (let end = path.length; end > 0; end--) {
      const place = this.#places.get(path.slice(0, end).join('.'));
      if (place !== undefined) return place;
    }
    return 'the configuration';
  }
}

function putFile(said: Said, { name, text }: { name: string; text: string }): void {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  for (const { message, pos } of document.errors) {
    const { line, col } = lines.linePos(pos[0]);
    said.faults.push({
      key: '(the file)',
      place: `${name}:${line}:${col}`,
      says: firstLine(message),
    });
  }
  if (document.errors.length > 0) return;
  putNode(said, document.contents, [], (offset) => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  });
}

function putNode(
  said: Said,
  node: unknown,
  path: readonly string[],
  placeAt: (offset: number) => string,
): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const at = [...path, String(key.value)];
      if (isMap(value)) putNode(said, value, at, placeAt);
      else {
        const plain = (value as { toJSON?: () => unknown } | null)?.toJSON?.() ?? null;
        said.put(at, plain, placeAt(key.range?.[0] ?? 0));
      }
    }
  } else if (node !== null && node !== undefined) {
    said.faults.push({ key: '(the file)', place: placeAt(0), says: 'it is no list of keys' });
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}
