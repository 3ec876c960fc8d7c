import { type CheckResult, FAULT_KINDS } from '../answer.ts';
import { TITLES } from './words.ts';

/** Characters that XML 1.0 cannot carry at all. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** The result as a JUnit file: one test case a kind of fault, for build servers. */
export function junitReport(result: CheckResult): string {
  const cases = FAULT_KINDS.map((kind) => {
    const faults = result.faults.filter((fault) => fault.kind === kind);
    const texts = faults.map(({ where, message }) => (where ? `${where}: ${message}` : message));
    const failure =
      faults.length === 0
        ? ''
        : `<failure message="${escaped(texts[0]!)}">${escaped(texts.join('\n'))}</failure>`;
    return `    <testcase classname="avow.check" name="${escaped(TITLES[kind])}">${failure}</testcase>`;
  });
  const failed = FAULT_KINDS.filter((kind) => result.faults.some((fault) => fault.kind === kind));
  const counts = `tests="${FAULT_KINDS.length}" failures="${failed.length}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${escaped(`avow check ${result.product}`)}" ${counts}>`,
    ...cases,
    `    <system-out>${escaped(result.notChecked.map((text) => `not checked: ${text}`).join('\n'))}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text
    .replace(NOT_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
