import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '@avow/bytes';
import { type Member, readScript } from '@avow/formats';
import { type ExaminationOptions, examineProduct } from '../examine.ts';
import { observeModule } from '../observe/module.ts';
import type { ModuleReading, ReadingTask } from '../observe/reading.ts';
import { compileRules } from '../rules/compile.ts';

const rules = compileRules({
  schema: 'avow.rules/1',
  update: 1,
  date: '2026-11-24',
  digest: digestOf(''),
  builtins: ['child_process'],
  rules: [
    {
      id: 'exec',
      feature: 'exec.spawn',
      call: ['node:child_process.exec'],
      recipient: { kind: 'command', from: ['0'] },
    },
  ],
  tables: [],
});

const FILES = [
  ['run.js', "export { exec as run } from 'node:child_process';"],
  ['plain.js', 'export const plain = () => 1;'],
  ['uses-run.js', "import { run } from './run.js'; run('git push');"],
  ['uses-plain.js', "import { plain } from './plain.js'; plain(); plain();"],
  // An archive may hold a name twice, and neither is to be passed over.
  ['twice.js', "import { run } from './run.js'; run('first');"],
  ['twice.js', "import { run } from './run.js'; run('second');"],
] as const;

/** What is found, and which modules were asked for their links. */
async function examined(followData: Pick<ExaminationOptions, 'followData'>) {
  const asked: string[] = [];
  const { features } = await examineProduct({
    product: {
      target: 'pkg:npm/a@1.0.0',
      digest: digestOf(''),
      size: 1,
      async *members() {
        for (const [path, text] of FILES) yield memberOf(path, text);
      },
    },
    engine: { version: '1.0.0', digest: digestOf('') },
    rules,
    async readModules(tasks) {
      const readings: ModuleReading[] = [];
      for await (const task of tasks) {
        if (task.withLinks === true) asked.push(textOf(task));
        readings.push(observeModule(task, readScript, rules));
      }
      return readings;
    },
    ...followData,
  });
  return { recipients: features.flatMap(({ recipient }) => recipient ?? []).sort(), asked };
}

function memberOf(path: string, text: string): Member {
  const bytes = Buffer.from(text);
  return { path, bytes, digest: digestOf(bytes), offset: undefined, oddities: [] };
}

const textOf = ({ bytes }: ReadingTask) => Buffer.from(bytes).toString();

const WAYS: readonly [string, Pick<ExaminationOptions, 'followData'>][] = [
  ['kept scripts', {}],
  ['the product, opened once more', { followData: 'left-out' }],
];

for (const [what, followData] of WAYS) {
  test(`scripts whose uses come to something are read again, from ${what}; the others are not`, async () => {
    const { recipients, asked } = await examined(followData);
    assert.deepEqual(recipients, ['first', 'git push', 'second']);
    assert.deepEqual(
      asked.sort(),
      FILES.flatMap(([path, text]) => (/uses-run|twice/.test(path) ? [text] : [])).sort(),
    );
  });
}
