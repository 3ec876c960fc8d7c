import { Refused } from '@avow/bytes';
import type { ModuleContents, RowQuery } from '@avow/views/contents';
import type { z } from 'zod';
import type { moduleAbout, modules } from '../contract/modules.ts';
import type { AnswerOf } from '../contract/route.ts';
import { addressOf, codePlace, hexOf, placeOf, shownFunction } from './places.ts';

/** Places that refer to a row, shown beside it: of more, the first. */
const FROM = 4;
/** Entry points that are told: node has 949. */
const ENTRIES = 100;

/** What is told of a module that does not hang on which release it is in. */
export type AboutModule = Omit<z.output<typeof moduleAbout>, 'path' | 'target' | 'digest' | 'size'>;

export function aboutOf(contents: ModuleContents): AboutModule {
  const { about, counts } = contents;
  const { kind, slices, machine, bits, buildId, libraries, facts, unread, data, architecture } =
    about;
  return {
    kind,
    slices: [...slices],
    machine,
    bits,
    isDisassembled: architecture !== 'arm' && architecture !== 'other',
    base: hexOf(BigInt(`0x${about.base}`)),
    ...(buildId === undefined ? {} : { buildId }),
    libraries: [...libraries],
    facts: [...facts],
    unread: [...unread],
    data: [...data],
    sections: about.sections.map(({ rva, offset, ...section }) => ({
      ...section,
      offset: offset === null ? null : about.offset + offset,
      at: addressOf(contents, rva),
    })),
    entries: about.entries
      .slice(0, ENTRIES)
      .map(({ rva, what }) => ({ what, ...codePlace(contents, rva) })),
    counts,
    isCut: about.cut.strings || about.cut.references,
  };
}

export function functionsOf(
  contents: ModuleContents,
  query: RowQuery,
): AnswerOf<typeof modules.functions> {
  const { rows, next } = contents.functions(query);
  return { items: rows.map((row) => shownFunction(contents, row)), ...onward(next) };
}

export function stringsOf(
  contents: ModuleContents,
  query: RowQuery,
): AnswerOf<typeof modules.strings> {
  const { rows, next } = contents.strings(query);
  const items = rows.map(({ rva, offset, size, text }) => {
    const { rows: from, count } = contents.referrers(rva, rva + size, FROM);
    return {
      at: addressOf(contents, rva),
      offset: contents.about.offset + offset,
      place: `@off:${hexOf(contents.about.offset + offset)}`,
      text,
      references: count,
      from: from.map((one) => codePlace(contents, one)),
    };
  });
  return { items, ...onward(next) };
}

export function importsOf(
  contents: ModuleContents,
  query: RowQuery,
): AnswerOf<typeof modules.imports> {
  const { rows, next } = contents.imports(query);
  const items = rows.map(({ index, name, library, kind, sites }) => ({
    row: index,
    name,
    library,
    ...(kind === '' ? {} : { kind }),
    calls: sites,
    from: contents.sitesOf(index, 0, FROM).rows.map((one) => codePlace(contents, one)),
  }));
  return { items, ...onward(next) };
}

export function exportsOf(
  contents: ModuleContents,
  query: RowQuery,
): AnswerOf<typeof modules.exports> {
  const { rows, next } = contents.exports(query);
  const items = rows.map(({ name, rva, to }) => ({
    name,
    isCode: rva >= 0 && contents.isCode(rva),
    ...(rva < 0 ? {} : { at: addressOf(contents, rva), place: placeOf(contents, rva) }),
    ...(to === '' ? {} : { to }),
  }));
  return { items, ...onward(next) };
}

/** Refuses `locate.outside` for an import that the module does not have. */
export function callsOf(
  contents: ModuleContents,
  asked: { readonly import: number; readonly after: number; readonly limit: number },
): AnswerOf<typeof modules.calls> {
  const found = contents.import(asked.import);
  if (found === undefined) {
    throw new Refused('locate.outside', undefined, `the module has no import ${asked.import}`);
  }
  const { rows, next } = contents.sitesOf(asked.import, asked.after, asked.limit);
  const items = rows.map((one) => codePlace(contents, one));
  return { name: found.name, library: found.library, items, ...onward(next) };
}

function onward(next: number | undefined): { next?: number } {
  return next === undefined ? {} : { next };
}
