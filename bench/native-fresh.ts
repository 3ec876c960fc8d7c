/**
 * One module of native code in a process that has compiled nothing yet:
 * node bench/native-fresh.ts FILE. Prints JSON, milliseconds of processor time:
 * `start` until our code and rules are loaded, `module` from there until all
 * features are known, `wall` the same by the clock. bench/native.ts runs it.
 */
import { readFileSync } from 'node:fs';
import { observeNative } from '@avow/examine/native';
import { nativeKindOf } from '@avow/formats/native';
import { rules } from '@avow/workers';

const [path = ''] = process.argv.slice(2);
const loaded = rules();
const start = spent();
const begun = performance.now();
const bytes = readFileSync(path);
const kind = nativeKindOf(bytes);
if (kind === undefined) throw new Error(`${path} is no module of machine code`);
const { native } = observeNative(bytes, kind, loaded);
const wall = performance.now() - begun;
console.log(
  JSON.stringify({ start, module: spent() - start, wall, features: native.features.length }),
);

function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
