import {
  type FastParser,
  pageOffset,
  readScript,
  type Scopes,
  type ScriptTree,
  scopesOf,
  scriptsOfPage,
  scriptText,
} from '@avow/formats/script';
import { plainTree } from '../observe/plain.ts';
import type { ModuleTask } from '../observe/reading.ts';
import type { ParsedScript } from './program.ts';

/** A module's tree and scopes; undefined when it cannot be parsed (which its reading has said before). */
export function parseTask(
  { bytes, language, goal }: ModuleTask,
  fast?: FastParser,
): ParsedScript | undefined {
  const { text } = scriptText(bytes);
  try {
    const isPage = language === 'html' || language === 'vue' || language === 'svelte';
    const tree = plainTree(
      isPage
        ? readScript(scriptsInPlace(text, language), { language: 'ts', goal: 'unknown' }, fast)
        : readScript(text, { language, goal }, fast),
    );
    return new Parsed(tree);
  } catch {
    return undefined;
  }
}

/** Many a module is looked into for calls by a name that it has not: names are resolved when they are asked for. */
class Parsed implements ParsedScript {
  readonly tree: ScriptTree;
  #scopes: Scopes | undefined;

  constructor(tree: ScriptTree) {
    this.tree = tree;
  }

  get scopes(): Scopes {
    this.#scopes ??= scopesOf(this.tree);
    return this.#scopes;
  }
}

/**
 * The script elements of a page as one script, everything else blanked, so
 * that offsets and lines are the page's: they share one global scope.
 */
function scriptsInPlace(text: string, dialect: 'html' | 'vue' | 'svelte'): string {
  let kept = '';
  for (const script of scriptsOfPage(text, dialect).scripts) {
    const start = pageOffset(script, 0);
    if (script.how !== 'element' || start < kept.length) continue;
    kept += `${blank(text.slice(kept.length, start))}${script.text};`;
  }
  return kept;
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}
