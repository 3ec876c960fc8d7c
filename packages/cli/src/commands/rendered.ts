import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Examination } from '@avow/examine';
import type { Product } from '@avow/products';
import type { Output } from '../output.ts';
import { jsonText } from '../render/shown.ts';

export interface RenderOptions {
  readonly format: 'text' | 'json' | 'sarif' | 'html';
  readonly quiet?: boolean;
  readonly all?: boolean;
}

/** One result in the form that is asked for. */
export async function rendered(
  examination: Examination,
  product: Product,
  { format, quiet, all }: RenderOptions,
  { terminal }: Output,
  linkTo: LinkTo | undefined,
  folder?: string,
): Promise<string> {
  switch (format) {
    case 'json':
      return jsonText(examination, 1);
    case 'sarif': {
      const { sarifLog } = await import('../render/sarif/log.ts');
      return jsonText(sarifLog(examination, folder), 1);
    }
    case 'html': {
      const { textsOf } = await import('../render/explain/excerpt.ts');
      const { examinationHtml } = await import('../render/html.ts');
      return examinationHtml(examination, await textsOf(product, examination.flows));
    }
    case 'text': {
      const { examinationText } = await import('../render/examination.ts');
      const options = { isQuiet: quiet === true, isFull: all === true };
      return examinationText(
        examination,
        terminal,
        linkTo === undefined ? options : { ...options, linkTo },
      );
    }
    default:
      return format satisfies never;
  }
}

export type LinkTo = (path: string, at: string) => string | undefined;

/**
 * Where a folder stands in the one that the command runs in, ending with `/`:
 * in CI that is the repository, and its files are known by their paths there.
 * Undefined for the folder itself and for what lies elsewhere.
 */
export function folderWithin(spec: string, { kind }: Product): string | undefined {
  if (kind !== 'folder') return undefined;
  const path = relative(process.cwd(), resolve(spec.replace(/^file:/, '')));
  const isWithin = path !== '' && !isAbsolute(path) && !/^\.\.(?:[/\\]|$)/.test(path);
  return isWithin ? `${path.split(sep).join('/')}/` : undefined;
}

/** Files of a folder can be opened; those within an archive have no address of their own here. */
export function linksInto(spec: string, { kind }: Product): LinkTo | undefined {
  if (kind !== 'folder') return undefined;
  const folder = resolve(spec.replace(/^file:/, ''));
  return (path, at) =>
    path.includes('!/')
      ? undefined
      : `${pathToFileURL(`${folder}/${path}`).href}#${encodeURIComponent(at)}`;
}
