/** A child whose modules say what becomes of it: stands in for parsers that die. */
import { serve } from '../serve.ts';

const text = new TextDecoder();

await serve({
  follow: async () => {},
  read: async (task) => {
  const source = text.decode(task.bytes);
  const isRetry = task.parser === 'pure';
  if (source.startsWith('crash') && (!isRetry || source === 'crash always')) process.abort();
  if (source.startsWith('hang') && (!isRetry || source === 'hang always')) for (;;);
  if (source === 'eat') {
    const eaten: unknown[] = [];
    for (;;) eaten.push(new Array(100_000).fill(eaten.length));
  }
  return JSON.stringify({ source: source.slice(0, 40), parser: task.parser, task: { ...task, bytes: task.bytes.length } });
  },
});
