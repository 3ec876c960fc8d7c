import { type Command, InvalidArgumentError } from 'commander';

export function docketOptions(command: Command): Command {
  return command
    .option('-D, --docket <folder>', "the docket's folder", process.env['AVOW_DOCKET'] ?? 'docket')
    .option('--json', 'for programs');
}

export function listOptions(command: Command): Command {
  return command
    .option('--state <state>', 'in this state')
    .option('--product <purl>', 'of this product and version')
    .option('--after <subject>', 'the page after this one')
    .option('--limit <n>', 'how many', count, 50);
}

function count(text: string): number {
  const number = Number(text);
  if (/^\d{1,6}$/.test(text) && number > 0) return number;
  throw new InvalidArgumentError('A whole number above 0 is wanted.');
}
