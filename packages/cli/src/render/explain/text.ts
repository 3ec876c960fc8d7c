import type { Flow } from '@avow/examine';
import { Page } from '../page.ts';
import { shown, shownWithin } from '../shown.ts';
import { styled, type Terminal } from '../terminal.ts';
import { wrapped } from '../wrap.ts';
import { type Excerpt, excerptsOf, type Texts } from './excerpt.ts';
import { saysFlow, saysGate, saysTransforms } from './says.ts';

const ROLES = { source: 'read here', step: 'goes on', destination: 'leaves here' } as const;

/** One flow as annotated source: each hop's line, marked, with what is around it. */
export function explainText(flow: Flow, texts: Texts, terminal: Terminal): string {
  const page = new Page(terminal);
  const { columns } = terminal;
  for (const line of wrapped(saysFlow(flow), columns)) page.line(styled(terminal, 'bold', line));
  const transforms = saysTransforms(flow);
  if (transforms !== '') fact(page, `on its way: ${transforms}`);
  const gate = saysGate(flow);
  if (gate !== '') fact(page, `decided by ${gate}`);
  fact(page, `flow ${flow.id}, ${flow.hops.length} places`);
  for (const excerpt of excerptsOf(flow, texts)) excerptLines(page, excerpt, texts);
  return page.text();
}

function fact(page: Page, text: string): void {
  for (const line of wrapped(text, page.terminal.columns - 2)) page.dim(`  ${line}`);
}

function excerptLines(page: Page, excerpt: Excerpt, texts: Texts): void {
  const { terminal } = page;
  const lines = texts.get(excerpt.path)!;
  page.blank();
  page.line(styled(terminal, 'cyan', shownWithin(excerpt.path, terminal.columns)));
  const digits = String(excerpt.last).length;
  const room = terminal.columns - digits - 5;
  for (let number = excerpt.first; number <= excerpt.last; number += 1) {
    const hops = excerpt.hops.filter(({ at }) => at.line === number);
    const label = String(number).padStart(digits);
    const column = hops[0]?.at.column ?? 1;
    const { text, at } = piece(lines[number - 1]!, column - 1, room);
    if (hops.length === 0) {
      page.dim(`  ${label} | ${text}`.trimEnd());
      continue;
    }
    page.line(`${styled(terminal, 'yellow', `> ${label}`)} | ${text}`);
    for (const { hop, number: count } of hops) {
      const says = `^ ${count}. ${ROLES[hop.role]}`;
      const indent = Math.min(at, Math.max(0, room - says.length));
      const style = hop.role === 'step' ? 'yellow' : 'red';
      page.line(
        `${' '.repeat(digits + 2)} | ${styled(terminal, style, ' '.repeat(indent) + says)}`,
      );
    }
  }
}

/** Text before the place that is kept of a line that is too long. */
const LEAD = 20;

/** The part of a line around a place, safe to print, and where the place is in it. */
function piece(line: string, column: number, room: number): { text: string; at: number } {
  const start = line.length <= room ? 0 : Math.max(0, column - LEAD);
  const lead = shown(line.slice(start, column));
  const before = start === 0 ? lead : `…${lead}`;
  return {
    text: shownWithin(before + shown(line.slice(column, column + room)), room),
    at: before.length,
  };
}
