/** Runs js-x-ray over the scripts of tarballs in one process; prints what it could not parse. */
import { scriptsOf } from './scripts.ts';

// Not a literal: the peer is installed by the bench alone, and types are checked without it.
const PEER: string = '../js-x-ray/node_modules/@nodesecure/js-x-ray/dist/index.js';
const { AstAnalyser } = await import(PEER);
const analyser = new AstAnalyser();
const unread: string[] = [];
for (const tarball of process.argv.slice(2)) {
  for await (const { path, bytes } of scriptsOf(tarball)) {
    try {
      analyser.analyse(Buffer.from(bytes).toString());
    } catch {
      unread.push(path);
    }
  }
}
process.stdout.write(JSON.stringify({ unread }));
