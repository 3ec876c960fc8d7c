import type { ShownRecord } from '@avow/examine';
import { mayBeDatabase } from '@avow/examine';
import { printPlace } from '@avow/locator';
import { recordsAtPlace, type Signers } from '@avow/workers';
import type { Resolved } from '../locate/resolve.ts';
import { memberPathOf } from './place.ts';
import { sayGroup } from './record-words.ts';
import { sayChecks } from './records.ts';
import { shown, shownWithin } from './shown.ts';
import { styled, type Terminal } from './terminal.ts';
import { wrapped } from './wrap.ts';

/** Of a record with thousands of texts, and of records of one name, this many. */
const LITERALS_SHOWN = 24;
const RECORDS_SHOWN = 8;
const MAX_RAW_LINES = 120;

/** The lines that show the record that a locator names; undefined where it names none. */
export async function recordView(
  { locator, member, members }: Resolved,
  terminal: Terminal,
  signers: Signers,
): Promise<string[] | undefined> {
  const { place } = locator;
  const isScript = place.kind === 'all' && /\.cdiff$/i.test(member.path);
  if (place.kind !== 'rec' && place.kind !== 'line' && !isScript) return undefined;
  if (!mayBeDatabase(member.path, member.bytes)) return undefined;
  const path = memberPathOf(locator);
  const databases = members.filter((one) => mayBeDatabase(one.path, one.bytes));
  const records = await recordsAtPlace(databases, path, printPlace(place), signers);
  if (records.length === 0) return undefined;
  if (isScript) return commandLines(records, terminal);
  const lines = records.slice(0, RECORDS_SHOWN).flatMap((record) => recordLines(record, terminal));
  const rest = records.length - RECORDS_SHOWN;
  return rest <= 0
    ? lines
    : [...lines, styled(terminal, 'dim', `… ${rest} records more of this name`)];
}

/** A script of a maker as what it is: its commands, each with its line. */
function commandLines(records: readonly ShownRecord[], terminal: Terminal): string[] {
  const lines = records
    .slice(0, MAX_RAW_LINES)
    .map(
      ({ record: { line, raw } }) =>
        `${String(line).padStart(6)}  ${shownWithin(raw, terminal.columns - 8)}`,
    );
  const rest = records.length - lines.length;
  return rest <= 0 ? lines : [...lines, styled(terminal, 'dim', `… ${rest} commands more`)];
}

function recordLines(
  { record, features, literals, checks }: ShownRecord,
  terminal: Terminal,
): string[] {
  const { format, kind, id, revision, enabled, line, offset, digest, unknown } = record;
  const head = [
    `${format} ${kind}`,
    ...(id === '' ? [] : [id]),
    ...(revision === undefined ? [] : [`revision ${revision}`]),
    ...(enabled ? [] : ['switched off']),
  ];
  return [
    styled(terminal, 'bold', shown(head.join(', '))),
    styled(terminal, 'dim', `line ${line}, byte 0x${offset.toString(16)}, ${digest}`),
    ...(checks.length === 0
      ? []
      : [styled(terminal, 'dim', `of a database with: ${sayChecks(checks)}`)]),
    ...record.raw
      .split('\n')
      .slice(0, MAX_RAW_LINES)
      .map((text) => `  ${shownWithin(text.replaceAll('\t', '    '), terminal.columns * 4)}`),
    '',
    ...(unknown === undefined
      ? []
      : [
          styled(terminal, 'yellow', `not understood: ${shown(unknown.message)} (${unknown.code})`),
        ]),
    ...features.flatMap((feature) => [
      ...wrapped(`makes the product ${shown(sayGroup(feature))}`, terminal.columns),
      styled(
        terminal,
        'dim',
        `  decided by: ${shownWithin(feature.decided.join('; '), terminal.columns - 16)}`,
      ),
    ]),
    ...literals
      .slice(0, LITERALS_SHOWN)
      .map(
        ({ text, written }) => `  ${written.padEnd(9)} ${shownWithin(text, terminal.columns - 14)}`,
      ),
    ...(literals.length > LITERALS_SHOWN
      ? [styled(terminal, 'dim', `  … ${literals.length - LITERALS_SHOWN} texts more`)]
      : []),
    '',
  ];
}
