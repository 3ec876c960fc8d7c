/**
 * A fault as the log has it: its stack, without what its message quotes. Parsers
 * and databases quote what they were given, and that may be what a person typed.
 */
export function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { message, stack = `${error.name}: ${message}` } = error;
  const told = message
    .replaceAll(/"[^"]*"|'[^']*'|`[^`]*`|\([^()]*\)=\([^()]*\)/g, '…')
    .split('\n', 1)[0]!;
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}: ${told.slice(0, MAX_MESSAGE)}`, ...frames].join('\n');
}

const MAX_MESSAGE = 300;
