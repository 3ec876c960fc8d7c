import type { Form } from './imported.ts';

/** Names of files that may hold a declaration in some form; which of them do, their text tells. */
const FILES: readonly (readonly [pattern: RegExp, form: Form | 'avow'])[] = [
  [/(?:^|\/)avow\.(?:ya?ml|json)$/, 'avow'],
  [/(?:^|\/)manifest\.json$/, 'chrome'],
  [/(?:^|\/)PrivacyInfo\.xcprivacy$/, 'apple'],
  [/(?:^|\/)deno\.jsonc?$/, 'deno'],
  [/(?:^|\/)lavamoat\/(?:.*\/)?policy\.json$/, 'lavamoat'],
  [/(?:^|\/)cackle\.toml$/, 'cackle'],
  [/(?:^|\/)package\.json$/, 'vscode'],
];

/** Text that only the form's own files hold, looked for before a file is read. */
const SIGNS: Readonly<Partial<Record<Form, RegExp>>> = {
  chrome: /"manifest_version"\s*:/,
  deno: /"(?:permissions|tasks)"\s*:/,
  lavamoat: /"resources"\s*:/,
  vscode: /"engines"\s*:\s*\{[^}]*"vscode"\s*:/,
};

/**
 * The file of a product that declares it: `avow.yaml` before manifests, the
 * shallowest of its kind, none within `node_modules`. `textOf` is asked only for
 * files with a fitting name.
 *
 * @param codeFolder The folder that holds all code of the product, with a final
 * `/`, empty for its root. A file in a folder beside or below it speaks for a
 * part at most, and a part must not answer for the whole.
 */
export function chooseDeclaration(
  paths: readonly string[],
  textOf: (path: string) => string,
  codeFolder = '',
): { readonly path: string; readonly form: Form | 'avow' } | undefined {
  const own = paths.filter((path) => codeFolder.startsWith(folderOf(path)));
  for (const [pattern, form] of FILES) {
    const fitting = own.filter((path) => pattern.test(path)).sort(byDepth);
    const path = fitting.find((one) => form === 'avow' || (SIGNS[form]?.test(textOf(one)) ?? true));
    if (path !== undefined) return { path, form };
  }
  return undefined;
}

/** The folder that a file speaks for; LavaMoat keeps its policies below their product. */
function folderOf(path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return folder.replace(/lavamoat\/(?:.*\/)?$/, '');
}

function byDepth(a: string, b: string): number {
  return a.split('/').length - b.split('/').length || (a < b ? -1 : 1);
}
