import type { Declaration, Entry } from '../declaration/declaration.ts';
import {
  type Exported,
  entryOf,
  type Imported,
  Names,
  type WordTable,
  wordsFor,
} from './imported.ts';
import { keysAt, readJson, textsAt } from './json.ts';

/**
 * `package.json` of VS Code extensions. It lists contributions, no
 * permissions, so nothing that is found is held against it; what it
 * contributes and no code does is shown. docs/declarations/vscode.md.
 */
export const VSCODE_CONTRIBUTIONS: WordTable = {
  authentication: { data: ['cred.os-store'] },
  breakpoints: { data: ['content.view'] },
  customEditors: { data: ['content.view'], does: ['file.write'] },
  debuggers: { does: ['exec.spawn', 'proc.args-env-stdin'] },
  languageModelTools: { data: ['file.any', 'content.view'] },
  mcpServerDefinitionProviders: { does: ['exec.spawn', 'ipc.local'] },
  notebooks: { data: ['content.view', 'file.user'] },
  taskDefinitions: { does: ['exec.spawn'] },
  terminal: { does: ['exec.spawn', 'ipc.local'] },
  typescriptServerPlugins: { does: ['code.load'] },
  webviewPanel: { does: ['ipc.app'] },
};

const SCRIPTS: Readonly<Record<string, true>> = {
  'vscode:uninstall': true,
  postinstall: true,
  install: true,
  preinstall: true,
};

export function importVscode(text: string, file = 'package.json'): Imported {
  const manifest = readJson(text, file);
  const names = new Names();
  const entries: Entry[] = [];
  const unsaid: { word: string; line: number }[] = [];
  for (const word of keysAt(manifest, 'contributes')) {
    const row = VSCODE_CONTRIBUTIONS[word.text];
    if (row === undefined) unsaid.push({ word: word.text, line: word.line });
    else entries.push(entryOf(names.of(word.text), spotOf(word), row));
  }
  for (const word of keysAt(manifest, 'scripts')) {
    if (!Object.hasOwn(SCRIPTS, word.text)) continue;
    entries.push(entryOf(names.of(word.text), spotOf(word), { does: ['install.hook'] }));
  }
  for (const word of textsAt(manifest, 'enabledApiProposals')) {
    unsaid.push({ word: word.text, line: word.line });
  }
  const speaksOf = { features: new Set(['install.hook'] as const), flows: false };
  const rest = { maker: '', product: '', versions: [], promises: [], databases: [] };
  return { form: 'vscode', declaration: { ...rest, entries, speaksOf }, unsaid };
}

export function exportVscode({ entries, promises }: Declaration): Exported {
  const contributes: Record<string, unknown[]> = {};
  const scripts: Record<string, string> = {};
  const lost = promises.map(({ name }) => name);
  for (const entry of entries) {
    if (entry.data.length === 0 && entry.does.join() === 'install.hook') {
      scripts['vscode:uninstall'] = '';
      continue;
    }
    const words = wordsFor(VSCODE_CONTRIBUTIONS, entry);
    if (words === undefined) lost.push(entry.name);
    else for (const word of words) contributes[word] = [];
  }
  return { text: `${JSON.stringify({ contributes, scripts }, undefined, 2)}\n`, lost };
}

function spotOf({ line, column }: { line: number; column: number }): {
  line: number;
  column: number;
} {
  return { line, column };
}
