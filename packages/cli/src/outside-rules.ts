import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { GivenCapa, RuleFile } from '@avow/examine/capa';
import { capaWords } from '@avow/workers';
import { UsageError } from './errors.ts';

/** Bytes of one rule's file, above which it is none. */
const MAX_FILE_BYTES = 1_000_000;

/** Files of a folder of rules; a larger folder is another. */
const MAX_FILES = 50_000;

/**
 * A folder of rules in a language that is recognised: capa's. Refuses as
 * `readCapaRules`.
 */
export async function outsideRulesIn(folder: string): Promise<GivenCapa> {
  const files = ruleFiles(folder);
  const { looksLikeCapaRule, readCapaRules } = await import('@avow/examine/capa');
  const rules = files.filter(({ text }) => looksLikeCapaRule(text));
  if (rules.length === 0) {
    throw new UsageError(
      `${folder} holds no rules in a language that is read`,
      "give a folder of YAML files in capa's language (docs/capa.md)",
    );
  }
  return { rules: readCapaRules(rules), words: await capaWords() };
}

/** YAML files of a folder and those in it, but hidden ones; links are not followed. */
function ruleFiles(folder: string): RuleFile[] {
  const files: RuleFile[] = [];
  const waiting = [folder];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const entry of entriesOf(at)) {
      const path = join(at, entry.name);
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile() && /\.ya?ml$/.test(entry.name)) files.push(fileAt(folder, path));
      if (files.length > MAX_FILES) {
        throw new UsageError(
          `${folder} holds more than ${MAX_FILES} YAML files`,
          'give the folder of the rules alone',
        );
      }
    }
  }
  return files;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new UsageError(
      `the folder of rules cannot be read: ${error instanceof Error ? error.message : error}`,
      'give a folder that is there',
    );
  }
}

function fileAt(folder: string, path: string): RuleFile {
  const name = relative(folder, path).split(sep).join('/');
  if (lstatSync(path).size > MAX_FILE_BYTES) return { path: name, text: '' };
  return { path: name, text: readFileSync(path, 'utf8') };
}
