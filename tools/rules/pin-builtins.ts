/**
 * Writes `rules/tables/builtins.json`: the built-in modules of the Node that
 * runs this and what they export. Run it with the Node whose modules are to be
 * known, and then give each new export a rule or a line in `harmless.json`.
 */
import { writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { FOLDER } from './update.ts';

const modules: Record<string, string[]> = {};
for (const name of builtinModules.map((one) => one.replace(/^node:/, '')).sort()) {
  const exported = await import(`node:${name}`);
  modules[name] = Object.keys(exported)
    .filter((key) => key !== 'default' && key !== 'module.exports')
    .sort();
}
const lines = Object.entries(modules).map(
  ([name, keys]) => `${JSON.stringify(name)}:${JSON.stringify(keys)}`,
);
writeFileSync(
  new URL('tables/builtins.json', FOLDER),
  `{"node":"${process.version}","modules":{\n${lines.join(',\n')}\n}}\n`,
);
