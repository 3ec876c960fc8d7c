/**
 * Appends many small entries and prints the resident memory at each tenth.
 * `npm run soak:log-memory [ENTRIES]`, 10 million unless told otherwise.
 */
import { memoryOver, withLog } from './log-load.ts';

const entries = Number(process.argv[2] ?? 10_000_000);
const began = performance.now();
const marks = await withLog(0, (writer) => memoryOver(writer, entries, 64));
const seconds = Math.round((performance.now() - began) / 1000);
console.log(`${entries} entries in ${seconds} s, resident MiB at each tenth: ${marks.join(' ')}`);
