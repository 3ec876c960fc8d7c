import { type JsonNode, jsonAt } from './json.ts';

/** A script that npm runs where the package is installed as a dependency (npm 11, "Life Cycle Scripts"). */
export interface InstallScript {
  readonly name: string;
  readonly command: string;
  readonly start: number;
  readonly end: number;
}

/** `prepare` and `prepublish` run for the maker, and for dependencies from git: not for a published package. */
const RUN_FOR_CONSUMERS = ['preinstall', 'install', 'postinstall'] as const;

/**
 * The scripts that run at installation. With a `binding.gyp` and neither
 * `install` nor `preinstall`, npm runs `node-gyp rebuild` by itself.
 */
export function installScripts(manifest: JsonNode, hasBindingGyp: boolean): InstallScript[] {
  const scripts: InstallScript[] = [];
  for (const name of RUN_FOR_CONSUMERS) {
    const entry = jsonAt(manifest, 'scripts')?.entries.findLast(({ key }) => key === name);
    const command = entry?.node.value;
    if (entry === undefined || typeof command !== 'string' || command.trim() === '') continue;
    scripts.push({ name, command, start: entry.start, end: entry.node.end });
  }
  const isBuilt = scripts.some(({ name }) => name === 'install' || name === 'preinstall');
  const isOff = jsonAt(manifest, 'gypfile')?.value === false;
  if (hasBindingGyp && !isBuilt && !isOff) {
    const { start } = manifest;
    scripts.push({ name: 'install', command: 'node-gyp rebuild', start, end: start + 1 });
  }
  return scripts;
}

/** What one command of a shell line starts. */
export type Started =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'script'; readonly name: string };

/** Flags of node that take the next word. */
const WITH_VALUE = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
]);

/** The node scripts that a command line starts: `node a.js && npm run b`. Other programs are not looked into. */
export function startedBy(command: string): Started[] {
  const started: Started[] = [];
  for (const words of commandsOf(command)) {
    while (words[0] !== undefined && /^(\w+=.*|cross-env|env|exec|call|npx)$/.test(words[0]))
      words.shift();
    const program = words
      .shift()
      ?.replace(/^.*[/\\]/, '')
      .replace(/\.(exe|cmd)$/i, '');
    if (program === 'node' || program === 'nodejs') started.push(...startedByNode(words));
    else if (program === 'npm' || program === 'yarn' || program === 'pnpm') {
      const name =
        words[0] === 'run' || words[0] === 'run-script'
          ? words[1]
          : program === 'npm'
            ? undefined
            : words[0];
      if (name !== undefined) started.push({ kind: 'script', name });
    }
  }
  return started;
}

function startedByNode(words: readonly string[]): Started[] {
  const started: Started[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (/^(-e|-p|-pe|--eval|--print)$/.test(word)) {
      const text = words[at + 1];
      return text === undefined ? started : [...started, { kind: 'code', text }];
    }
    if (WITH_VALUE.has(word)) {
      at += 1;
      const path = words[at];
      if (path !== undefined && /require|^-r$|import/.test(word))
        started.push({ kind: 'file', path });
      continue;
    }
    if (word.startsWith('-')) continue;
    return [...started, { kind: 'file', path: word }];
  }
  return started;
}

/** Words of each command of a shell line, quotes taken off. */
function commandsOf(line: string): string[][] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  let quote = '';
  const close = () => {
    if (word !== undefined) commands.at(-1)!.push(word);
    word = undefined;
  };
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at]!;
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"' && /["\\$`]/.test(line[at + 1] ?? ''))
        word += line[++at]!;
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) close();
    else if (/[;&|()\n]/.test(char)) {
      close();
      commands.push([]);
    } else word = (word ?? '') + char;
  }
  close();
  return commands.filter((words) => words.length > 0);
}
