import type { Declaration } from '../declaration/declaration.ts';
import { exportApple, importApple } from './apple.ts';
import { exportCackle, importCackle } from './cackle.ts';
import { exportChrome, importChrome } from './chrome.ts';
import { exportDeno, importDeno } from './deno.ts';
import type { Exported, Form, Imported } from './imported.ts';
import { exportLavamoat, importLavamoat } from './lavamoat.ts';
import { exportVscode, importVscode } from './vscode.ts';

interface FormWorks {
  readonly read: (text: string, file?: string) => Imported;
  readonly write: (declaration: Declaration) => Exported;
}

const FORMS: Readonly<Record<Form, FormWorks>> = {
  chrome: { read: importChrome, write: exportChrome },
  vscode: { read: importVscode, write: exportVscode },
  apple: { read: importApple, write: exportApple },
  deno: { read: importDeno, write: exportDeno },
  lavamoat: { read: importLavamoat, write: exportLavamoat },
  cackle: { read: importCackle, write: exportCackle },
};

export const FORM_NAMES = Object.keys(FORMS) as readonly Form[];

/** Reads a declaration in another maker's form. Refuses with `import.*` codes, each at its line. */
export function importDeclaration(form: Form, text: string, file?: string): Imported {
  return FORMS[form].read(text, file);
}

/** Writes a declaration in another form, and says what is lost. */
export function exportDeclaration(form: Form, declaration: Declaration): Exported {
  return FORMS[form].write(declaration);
}
