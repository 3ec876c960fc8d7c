import { fileOf } from './file-line.ts';
import type { Named } from './intake.ts';
import { FORMS, type Form } from './listing-forms.ts';

/**
 * Places that stand apart from their file, which the text names once, elsewhere:
 * what debuggers, disassemblers, linters and sensors print, and what people tell
 * in two sentences. Where more than one file could have the place, none is taken.
 */
export function listedPlaces(lines: readonly string[], paths: readonly string[]): readonly Named[] {
  const files = [...new Set(lines.flatMap((line) => filesIn(line, paths)))];
  const listings = new Set<Form>();
  return joined(inFunction(lines)).flatMap((line) => {
    const called = calledFrom(line, paths);
    if (called.length > 0) return called;
    for (const form of FORMS) {
      const match = form.form.exec(line);
      if (match === null) continue;
      const groups = match.slice(1);
      const named = form.hasFile === true ? [fileOf(groups[0]!, paths) ?? []].flat() : files;
      const [file, ...more] = named.filter((one) => form.in.test(one));
      const place = form.place(groups);
      if (file === undefined || more.length > 0 || place === undefined) continue;
      if (form.isListing === true && listings.has(form)) return [];
      if (form.isListing === true) listings.add(form);
      return [{ module: file, place }];
    }
    return [];
  });
}

/** A debugger's listing of a function names it once, above; an arrow marks the instruction that is meant. */
function inFunction(lines: readonly string[]): readonly string[] {
  const name = lines
    .map(
      (line) => /(?:assembler code for function |^[^\s`]{1,200}`)([^\s:()]{1,200})/.exec(line)?.[1],
    )
    .find((one) => one !== undefined);
  const isRow = (line: string): boolean =>
    /^(?:[=-]>)?\s{0,8}0x[0-9a-f]{4,16} <\+\d{1,9}>:/.test(line);
  const rows = lines.filter(isRow);
  if (name === undefined || rows.length === 0) return lines;
  const marked = rows.filter((line) => /^[=-]>/.test(line));
  const meant = marked.length > 0 ? marked : rows;
  return meant.map((line) => line.replace('<+', `<${name}+`));
}

/** `startLine: 12` and `endLine: 18` on two lines are one range. */
function joined(lines: readonly string[]): readonly string[] {
  const whole: string[] = [];
  for (const line of lines) {
    const isEnd = /^\W{0,20}(?:end|last)[ _]?line/i.test(line) && whole.length > 0;
    if (isEnd) whole.push(`${whole.pop()} ${line.trim()}`);
    else whole.push(line);
  }
  return whole;
}

/**
 * What sensors keep of a stack: Sysmon's `CallTrace`, `…\KERNELBASE.dll+9d4e4|…\eav.exe+12f0`,
 * in hexadecimal throughout, and lists of `eav.exe+0x12f0`.
 */
function calledFrom(line: string, paths: readonly string[]): Named[] {
  const [, list = ''] = /\bcall(?:trace|stack\w{0,20})\b[^\w]{1,4}(.{1,2000})/i.exec(line) ?? [];
  return list.split('|').flatMap((frame): Named[] => {
    const [, name = '', offset = ''] =
      /([^\\<>]{1,200})\+(?:0x)?([0-9a-f]{1,16})(?:\W|$)/i.exec(frame) ?? [];
    const module = fileOf(name, paths);
    const place = { kind: 'rva', address: BigInt(`0x${offset || '0'}`) } as const;
    return module === undefined ? [] : [{ module, place }];
  });
}

function filesIn(line: string, paths: readonly string[]): string[] {
  return (line.match(/[^\s"'`<>()[\]{},;|=]+/g) ?? []).flatMap((token) => {
    const name = token.replace(/[.:]+$/, '').replace(/:\$.*$/, '');
    return [fileOf(name, paths) ?? []].flat();
  });
}
