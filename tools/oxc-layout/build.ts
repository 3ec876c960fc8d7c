/** Writes the layout of the oxc-parser that is installed: `node tools/oxc-layout/build.ts`. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { layoutOfPackage } from './extract.ts';
import { printLayout } from './print.ts';

export const LAYOUT_FILE = fileURLToPath(
  new URL('../../packages/formats/src/module/script/oxc/layout.ts', import.meta.url),
);

if (import.meta.main) {
  writeFileSync(LAYOUT_FILE, printLayout(layoutOfPackage()));
  execFileSync('npx', ['biome', 'check', '--write', LAYOUT_FILE], { stdio: 'inherit' });
}
