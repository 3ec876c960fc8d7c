import { type CheckResult, FAULT_KINDS } from '../answer.ts';
import { SAYS, TITLES } from './words.ts';

/** The result as SARIF 2.1.0 (OASIS, 2020): a rule for each kind of fault, a result for each fault. */
export function sarifReport(result: CheckResult, version: string): string {
  const rules = FAULT_KINDS.map((id) => ({
    id,
    shortDescription: { text: TITLES[id] },
    fullDescription: { text: SAYS[id].what },
    help: { text: SAYS[id].next },
  }));
  const results = result.faults.map(({ kind, message, where }) => ({
    ruleId: kind,
    level: kind === 'stale' ? 'warning' : 'error',
    message: { text: where === undefined ? message : `${where}: ${message}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(where ?? result.product) },
        },
      },
    ],
  }));
  const notifications = result.notChecked.map((text) => ({ level: 'note', message: { text } }));
  const driver = { name: 'avow check', version, rules };
  const invocations = [{ executionSuccessful: true, toolExecutionNotifications: notifications }];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, invocations, results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
