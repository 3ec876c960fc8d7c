import type { ExaminationDiff, Flow } from '@avow/examine';
import type { Page } from '../page.ts';
import { shownWithin } from '../shown.ts';
import { styled } from '../terminal.ts';
import { counted, wrapped } from '../wrap.ts';
import { saysFlow } from './says.ts';

/** More is a list that nobody reads. */
const FLOWS_SHOWN = 20;

/** Data that goes where it did not go before: what comes first in a diff. */
export function newFlowsSection(page: Page, { flows }: ExaminationDiff): void {
  const { gained, redirected } = flows;
  if (gained.length + redirected.length === 0) return;
  page.heading('Data on new ways');
  for (const change of redirected.slice(0, FLOWS_SHOWN)) {
    const from = shownWithin(change.old.recipient ?? 'somewhere', 40);
    flowLines(page, '~', change.new, ` (before: ${from})`);
  }
  for (const flow of gained.slice(0, FLOWS_SHOWN)) flowLines(page, '+', flow, '');
  moreThanShown(page, [redirected, gained]);
}

/** Ways that data no longer takes: what is gone comes after what is new. */
export function lostFlowsSection(page: Page, { flows: { lost } }: ExaminationDiff): void {
  if (lost.length === 0) return;
  page.heading('Ways that data no longer takes');
  for (const flow of lost.slice(0, FLOWS_SHOWN)) flowLines(page, '-', flow, '');
  moreThanShown(page, [lost]);
}

function moreThanShown(page: Page, lists: readonly (readonly unknown[])[]): void {
  const rest = lists.reduce((all, list) => all + Math.max(0, list.length - FLOWS_SHOWN), 0);
  if (rest > 0) page.dim(`  … ${counted(rest, 'flow')} more`);
}

function flowLines(page: Page, sign: '+' | '-' | '~', flow: Flow, tail: string): void {
  const [first, ...more] = wrapped(`${saysFlow(flow)}${tail}`, page.terminal.columns - 6);
  const style = sign === '-' ? 'dim' : (['red', 'bold'] as const);
  page.line(styled(page.terminal, style, `  ${sign} ${first}`));
  for (const line of more) page.line(styled(page.terminal, style, `      ${line}`));
  page.dim(`      --explain ${flow.id}`);
}
