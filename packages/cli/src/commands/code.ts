import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { outputTo } from '../output.ts';
import { shown } from '../render/shown.ts';
import { listed, wrapped } from '../render/wrap.ts';

/** In the published package, or in the repository. */
const PLACES = ['../../docs/codes/', '../../../../docs/codes/'];
const PAGE = '.md';

/** Shows the page of a code: what it means, what was likely the cause, what to do. Without one, lists all. */
export async function codeCommand(code: string | undefined): Promise<ExitStatus> {
  const folder = PLACES.map((path) => new URL(path, import.meta.url)).find(existsSync);
  if (folder === undefined) throw new Error('docs/codes is missing from this installation');
  const codes = readdirSync(folder)
    .filter((name) => name.endsWith(PAGE))
    .map((name) => name.slice(0, -PAGE.length))
    .sort();
  if (code !== undefined && !codes.includes(code)) throw unknown(code, codes);
  const output = outputTo(undefined);
  const { columns } = output.terminal;
  const lines = code === undefined ? codes : pageLines(code, folder, columns);
  await output.write(`${lines.join('\n')}\n`);
  return EXIT.ok;
}

function unknown(code: string, codes: readonly string[]): UsageError {
  const [family] = code.split('.');
  const near = codes.filter((one) => one.startsWith(`${family}.`));
  const some = near.length === 0 ? '' : `; there are ${listed(near, 200)}`;
  return new UsageError(
    `${shown(code)} is no code of this version${some}`,
    'avow code lists them all',
  );
}

/** Pages are paragraphs; where a link leads is written out. */
function pageLines(code: string, folder: URL, columns: number): readonly string[] {
  return readFileSync(new URL(`${code}${PAGE}`, folder), 'utf8')
    .trimEnd()
    .replaceAll(/\[([^\]]+)\]\((?:\.\.\/)?([\w./-]+\.md)[^)]*\)/g, '$1 ($2)')
    .replaceAll('**', '')
    .split('\n')
    .flatMap((line) => wrapped(line, columns));
}
