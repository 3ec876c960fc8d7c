import { stripTypeScriptTypes } from 'node:module';

/** Relative imports of sources, static, dynamic, of types, and names of programs beside a file. */
const SOURCE = /(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g;

/** A source as JavaScript: types become spaces, so lines and columns stay; imports name what is published. */
export function javaScriptOf(source: string): string {
  return stripTypeScriptTypes(source).replaceAll(SOURCE, '$1$2.js$1');
}

/** Types as tsc tells them, with imports that name what is published, and say of JSON that it is. */
export function typesOf(declarations: string): string {
  return declarations
    .replaceAll(SOURCE, '$1$2.js$1')
    .replaceAll(/^(import [^;\n]*\.json');$/gm, "$1 with { type: 'json' };");
}
