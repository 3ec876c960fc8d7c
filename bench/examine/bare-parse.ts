/** Parses the scripts of tarballs with the fast parser and does nothing with the tree: the limit of what we can reach. */
import { parseSync } from 'oxc-parser';
import { scriptsOf } from './scripts.ts';

const unread: string[] = [];
for (const tarball of process.argv.slice(2)) {
  for await (const { path, bytes } of scriptsOf(tarball)) {
    const text = Buffer.from(bytes).toString();
    const lazy = { experimentalLazy: true, sourceType: 'unambiguous' } as object;
    const result = parseSync(path, text, lazy);
    if (result.errors.length > 0) unread.push(path);
    if ('dispose' in result && typeof result.dispose === 'function') result.dispose();
  }
}
process.stdout.write(JSON.stringify({ unread }));
