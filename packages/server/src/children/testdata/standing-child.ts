import { Refused } from '@avow/bytes';
import { standingProgram } from '../program.ts';

const held: Uint8Array[] = [];

standingProgram<{ readonly does: string; readonly says?: string }>(async ({ does, says }) => {
  if (does === 'loop') for (;;) Math.random();
  if (does === 'die') process.exit(3);
  if (does === 'refuse') throw new Refused('elf.truncated', 0, 'it ends early');
  if (does === 'fail') throw new TypeError('a fault of ours');
  if (does === 'eat') {
    for (let piece = 0; piece < 40; piece++) {
      held.push(new Uint8Array(20_000_000).fill(1));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return { pid: process.pid, says };
});
