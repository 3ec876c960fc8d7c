import { linesOf } from '../lines.ts';
import { type DatabaseMember, DatabaseRecord, type Literal } from '../record.ts';
import { type CdiffStep, stepOf } from './cdiff.ts';
import { CLAM_KINDS, type ClamLine, readClamLine } from './kinds.ts';
import { ClamRecord } from './record.ts';

/** One command of a `.cdiff` script: what the maker changes in the database before. */
export class ClamCommand extends DatabaseRecord {
  readonly format = 'clamav';
  readonly kind: string;
  /** The signature that the command puts in; undefined for one that puts in none. */
  readonly added: ClamRecord | undefined;

  constructor(
    line: { member: string; number: number; offset: number; text: string },
    kind: string,
    added: ClamRecord | undefined,
  ) {
    super(line.member, line.number, line.offset, line.text);
    this.kind = kind;
    this.added = added;
    this.unknown = added?.unknown;
  }

  /** Of the signature put in; what is taken out is named by the command's own line. */
  override get id(): string {
    return this.added?.id ?? '';
  }

  override get revision(): string | undefined {
    return this.added?.revision;
  }

  override literals(): readonly Literal[] {
    return this.added?.literals() ?? [];
  }
}

/** The commands of a script, in order; one that is not known is a record with its `unknown`. */
export function* commands(member: DatabaseMember): Generator<ClamCommand> {
  let file: string | undefined;
  for (const { text = '', number, offset, size } of linesOf(member.pieces)) {
    if (size === 0) continue;
    const line = { member: member.path, number, offset, text };
    const step = stepOf(text, file, number);
    if (step === undefined) {
      const command = new ClamCommand(line, 'cdiff', undefined);
      command.unknown = { code: 'clamav.cdiff', message: 'no command of a cdiff' };
      yield command;
      continue;
    }
    if (step.do === 'open') file = step.file;
    if (step.do === 'close') file = undefined;
    yield new ClamCommand(line, `cdiff ${step.do}`, addedBy(step, line));
  }
}

function addedBy(
  step: CdiffStep,
  {
    member,
    number,
    offset,
    text,
  }: { member: string; number: number; offset: number; text: string },
): ClamRecord | undefined {
  if (step.do !== 'add' && step.do !== 'exchange') return undefined;
  const kind = /\.(\w+)$/.exec(step.file)?.[1]?.toLowerCase() ?? '';
  const shape = CLAM_KINDS[kind];
  if (shape === undefined || step.line === '' || step.line.startsWith('#')) return undefined;
  const at = offset + text.length - step.line.length;
  const parts: ClamLine = { nameFrom: 0, nameTo: 0, fault: undefined };
  if (shape !== 'whole' && shape !== 'yara' && shape !== 'bytecode' && shape !== 'script')
    readClamLine(shape, step.line, parts);
  else parts.fault = 'lines of this type are not read one by one';
  const { nameFrom, nameTo, fault } = parts;
  const record = new ClamRecord(member, number, at, step.line, kind, shape, nameFrom, nameTo);
  if (fault !== undefined) record.unknown = { code: 'clamav.line', message: `${kind}: ${fault}` };
  return record;
}
