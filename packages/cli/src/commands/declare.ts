import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { draftDeclaration } from '@avow/declare';
import { comparedParts, type Examination } from '@avow/examine';
import { parsePurl, printPurl } from '@avow/locator';
import { declarationIn } from '../declaration.ts';
import { UsageError } from '../errors.ts';
import { type ReadingOptions, withExaminer } from '../examiner.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { outputTo } from '../output.ts';
import { Progress } from '../progress.ts';
import { declared } from '../render/declared.ts';
import { Page } from '../render/page.ts';
import { shown } from '../render/shown.ts';
import { isoToday } from './declare-gate.ts';

interface DeclareOptions extends ReadingOptions {
  readonly output?: string;
  readonly check?: boolean;
  readonly declaration?: string;
  readonly maker?: string;
  readonly quiet?: boolean;
}

/**
 * Drafts a declaration from what is found, or checks the one that is there.
 * A draft goes to standard output, or to a file that is not there yet.
 */
export async function declareCommand(
  spec: string,
  options: DeclareOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const { output, check } = options;
  if (output !== undefined && check !== true && existsSync(output)) throw alreadyThere(output);
  const given = options.declaration === undefined ? undefined : declarationIn(options.declaration);
  const progress = new Progress(process.stderr, options.quiet !== true);
  const examination = await withExaminer(options, progress, signal, async (examiner) =>
    examiner.examine(await examiner.open(spec), given),
  );
  return check === true
    ? await checked(examination, output)
    : await drafted(spec, examination, options);
}

async function drafted(
  spec: string,
  examination: Examination,
  { maker, output: file }: DeclareOptions,
): Promise<ExitStatus> {
  const { target } = examination.product;
  if (!target.startsWith('pkg:')) {
    throw new UsageError(
      `${spec} is a file by itself: it has no name that a declaration could be for`,
      'name the package, folder or archive that it belongs to',
    );
  }
  const { version, ...product } = parsePurl(target);
  const text = draftDeclaration(comparedParts(examination), {
    maker: maker ?? 'who makes it (fill in)',
    product: printPurl({ ...product, qualifiers: {} }),
    version: version ?? '*',
    date: isoToday(),
  });
  if (file === undefined) {
    await outputTo(undefined).write(text);
    return EXIT.ok;
  }
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw alreadyThere(file);
    throw new UsageError(
      `cannot write the draft: ${error instanceof Error ? error.message : error}`,
      'give --output a file in a folder that can be written',
    );
  }
  process.stderr.write(
    `${shown(file)}: drafted. Review it, then: avow declare ${shown(spec)} --check${isFound(spec, file) ? '' : ` --declaration ${shown(file)}`}\n`,
  );
  return EXIT.ok;
}

/** True where the product is a folder and the file stands where a declaration is looked for. */
function isFound(spec: string, file: string): boolean {
  return resolve(file) === resolve(spec, 'avow.yaml');
}

async function checked(examination: Examination, file: string | undefined): Promise<ExitStatus> {
  const output = outputTo(file);
  const page = new Page(output.terminal);
  const { declaration, findings, answer } = examination;
  if (declaration === undefined || declaration.state === 'none') {
    throw new UsageError(
      'the product has no declaration',
      'draft one with avow declare, or name one with --declaration',
    );
  }
  declared(page, examination, true);
  page.blank();
  const isRefused = declaration.state === 'refused';
  page.line(isRefused ? 'The declaration cannot be used.' : verdict(findings.length, answer));
  await output.write(page.text());
  if (isRefused) return EXIT.refused;
  if (findings.length > 0) return EXIT.findings;
  return answer === 'incomplete' ? EXIT.incomplete : EXIT.ok;
}

function verdict(count: number, answer: Examination['answer']): string {
  if (count > 0) return `${count} found that the declaration does not cover.`;
  return answer === 'incomplete'
    ? 'All that was found is declared; not everything was read.'
    : 'All that was found is declared.';
}

function alreadyThere(file: string): UsageError {
  return new UsageError(
    `${file} is there already, and a draft never writes over a declaration`,
    'give another --output, or check what is there with avow declare PRODUCT --check',
  );
}
