import { readFileSync } from 'node:fs';
import { chooseDeclaration } from '@avow/declare/choose';
import type { DeclarationText } from '@avow/examine';
import { UsageError } from './errors.ts';

/** What a maker says, from a file given beside the product. */
export function declarationIn(file: string): DeclarationText {
  try {
    const text = readFileSync(file, 'utf8');
    const path = file.replaceAll('\\', '/');
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const form = chooseDeclaration([path], () => text, folder)?.form ?? 'avow';
    return { source: file, form, text };
  } catch (error) {
    throw new UsageError(
      `the declaration cannot be read: ${error instanceof Error ? error.message : error}`,
      'give --declaration a file that is there',
    );
  }
}
