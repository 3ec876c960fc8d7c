/**
 * The program of the child that follows one product's data: takes the job,
 * asks for the modules that data reaches, gives the result, ends.
 */
import { followData, parseTask, resolved } from '@avow/examine/flow';
import { readWithOxc } from '@avow/formats/oxc';
import { type Frame, FrameReader, READY } from '../frame.ts';
import { readPiece, writeFrame } from '../serve.ts';
import { Ask, type SentJob } from './protocol.ts';

const frames = new FrameReader();
const arrived: Frame[] = [];

writeFrame(READY, Buffer.alloc(0));
follow(JSON.parse(next().toString()));

function follow({ modules, resolutions }: SentJob): void {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const containing = new Map<string, string[]>();
  const result = followData({
    modules,
    parse: ({ path }) => {
      const { digest, language, goal } = byPath.get(path)!;
      return parseTask({ digest, language, goal, bytes: ask(Ask.bytes, path) }, readWithOxc);
    },
    resolve: (from, specifier) => resolved(resolutions, from, specifier),
    modulesContaining: (text) => {
      let paths = containing.get(text);
      if (paths === undefined) {
        containing.set(text, (paths = JSON.parse(ask(Ask.containing, text).toString())));
      }
      return paths!;
    },
  });
  writeFrame(Ask.result, Buffer.from(JSON.stringify(result)));
}

function ask(number: number, text: string): Buffer {
  writeFrame(number, Buffer.from(text));
  return next();
}

/** The next frame's payload; ends the child when nobody is there any more. */
function next(): Buffer {
  for (;;) {
    const frame = arrived.shift();
    if (frame !== undefined) return frame.payload;
    const piece = readPiece();
    if (piece.length === 0) process.exit(0);
    arrived.push(...frames.push(piece));
  }
}
