import { spawn } from 'node:child_process';
import { Refused } from '@avow/bytes';
import { childProgram } from '../program.ts';

/** Does what a test asks of a child: end well, refuse, fail, run for ever, eat memory, leave a child behind. */
childProgram<{ readonly does: string }>(async ({ does }, tell) => {
  switch (does) {
    case 'end':
      tell('half way');
      return { keys: Object.keys(process.env).sort() };
    case 'refuse':
      throw new Refused('zip.truncated', undefined, 'it ends too soon');
    case 'fail':
      throw new TypeError('a fault of ours');
    case 'loop':
      for (;;);
    case 'eat': {
      // Buffers are no part of a heap limit.
      const kept: Buffer[] = [];
      for (;;) {
        kept.push(Buffer.alloc(20_000_000, 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    case 'leave': {
      const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      return { left: left.pid };
    }
    default:
      return {};
  }
});
