import type { Examination } from '@avow/examine';
import type { Log, Run } from 'sarif';
import { Artifacts } from './artifacts.ts';
import { checkNotifications, leftOutNotifications, notificationsOf } from './notifications.ts';
import { gravest, resultsOf } from './results.ts';
import { Rules } from './rules.ts';

/** The head of every log. */
export const SARIF = {
  $schema:
    'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
  version: '2.1.0',
} as const;

/**
 * The result as SARIF 2.1.0 (OASIS, errata 01): one run, a result for each
 * feature and each unknown, modules that were not read as notifications of the
 * tool. Paths are relative to the product, or to what it stands in by `folder`
 * (`packages/x/`), so that a service that scans a repository shows each at its
 * line.
 */
export function sarifLog(examination: Examination, folder?: string): Log {
  const artifacts = new Artifacts(examination.modules, folder);
  const rules = new Rules();
  const all = resultsOf(examination, rules, artifacts);
  const results = gravest(all);
  const notifications = [
    ...leftOutNotifications(all.length - results.length),
    ...notificationsOf(examination.modules, artifacts),
    ...checkNotifications(examination.databases),
  ];
  const run: Run = {
    tool: {
      driver: {
        name: 'Avow',
        semanticVersion: examination.engine.version,
        version: examination.engine.version,
        rules: rules.list,
        properties: { engine: examination.engine.digest, rules: examination.rules },
      },
    },
    automationDetails: { id: `avow/${examination.product.target}/` },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications }],
    artifacts: artifacts.list,
    results,
    properties: {
      product: examination.product,
      coverage: examination.coverage,
      answer: examination.answer,
      ...(examination.databases.length === 0
        ? {}
        : { databases: examination.databases.map(({ does: _, ...database }) => database) }),
    },
  };
  return { ...SARIF, runs: [run] };
}
