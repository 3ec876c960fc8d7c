import type { CheckResult } from '../answer.ts';
import { GOOD_UNSEEN, SAYS } from './words.ts';

/** Faults shown before the rest is counted: the answer fits a screen. */
const MAX_SHOWN = 10;

/** The answer for people, on one screen. `shown` makes hostile text safe for a terminal. */
export function textReport(result: CheckResult, shown: (text: string) => string): string {
  const { what, next } = isGoodUnseen(result) ? GOOD_UNSEEN : SAYS[result.answer];
  const { entry } = result;
  const lines = [
    `${result.answer === 'good' ? 'good' : result.answer.toUpperCase()}: ${what}`,
    '',
    `  product    ${shown(result.product)} on ${shown(result.channel)}`,
  ];
  if (entry !== undefined) {
    const version = entry.version === undefined ? '' : `, version ${shown(entry.version)}`;
    lines.push(`  ${entry.type.padEnd(10)} number ${entry.number}${version}, ${entry.digest}`);
    lines.push(`  log        ${shown(entry.log)}, entry ${entry.index}`);
  }
  lines.push(`  witnesses  ${result.witnesses.map(shown).join(', ') || 'none'}${dateOf(result)}`);
  if (result.members !== undefined) lines.push(`  members    ${result.members} compared`);
  for (const { kind, message, where } of result.faults.slice(0, MAX_SHOWN)) {
    lines.push(
      `  ${kind.padEnd(10)} ${where === undefined ? '' : `${shown(where)} `}${shown(message)}`,
    );
  }
  const more = result.faults.length - MAX_SHOWN;
  if (more > 0) lines.push(`  … and ${more} more (--format json has them all)`);
  for (const message of result.notChecked) lines.push(`  not checked: ${shown(message)}`);
  return `${[...lines, '', `Next: ${next}`].join('\n')}\n`;
}

/** A log that no witness watches can show each reader another tree. */
function isGoodUnseen({ answer, witnesses }: CheckResult): boolean {
  return answer === 'good' && witnesses.length === 0;
}

function dateOf({ witnessedAt }: CheckResult): string {
  if (witnessedAt === undefined) return '';
  return `, last at ${new Date(Number(witnessedAt) * 1000).toISOString()}`;
}
