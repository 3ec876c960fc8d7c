import { readdirSync, readFileSync } from 'node:fs';
import { digestOf } from '@avow/bytes';
import { type Member, readScript } from '@avow/formats';
import { examineProduct } from '../../examine.ts';
import { observeModule } from '../../observe/module.ts';
import type { ModuleReading } from '../../observe/reading.ts';
import type { Examination } from '../../result.ts';
import { compileRules, type Rules } from '../../rules/compile.ts';
import type { RuleUpdate } from '../../rules/rule.ts';
import { type CaseFile, type FlowCase, parseCase } from './case.ts';

const FOLDER = new URL('./corpus/', import.meta.url);
const RULES = new URL('../../../../../rules/update.json', import.meta.url);

/** A case that brings no manifest is a package of this one. */
const MANIFEST: CaseFile = {
  path: 'package.json',
  text: '{ "name": "case", "version": "1.0.0", "main": "index.js" }\n',
};

/** The labelled corpus, in the order of its names. */
export function readCorpus(): FlowCase[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
  return names
    .sort()
    .map((name) =>
      parseCase(name.slice(0, -'.txt'.length), readFileSync(new URL(name, FOLDER), 'utf8')),
    );
}

/** The real rule database: the corpus speaks of what a user is told. */
export function readRules(): Rules {
  return compileRules(JSON.parse(readFileSync(RULES, 'utf8')) as RuleUpdate);
}

/** Examines the files of a product as the command line does, in this process. */
export function examineFiles(files: readonly CaseFile[], rules: Rules): Promise<Examination> {
  const hasManifest = files.some(({ path }) => /^(package|manifest)\.json$/.test(path));
  const members = (hasManifest ? files : [MANIFEST, ...files]).map(memberOf);
  return examineProduct({
    product: {
      target: 'pkg:npm/case@1.0.0',
      digest: digestOf(''),
      size: 1,
      async *members() {
        yield* members;
      },
    },
    engine: { version: '1.0.0', digest: digestOf('') },
    rules,
    async readModules(tasks) {
      const readings: ModuleReading[] = [];
      for await (const task of tasks) readings.push(observeModule(task, readScript, rules));
      return readings;
    },
  });
}

function memberOf({ path, text }: CaseFile): Member {
  const bytes = Buffer.from(text);
  return { path, bytes, digest: digestOf(bytes), offset: undefined, oddities: [] };
}
