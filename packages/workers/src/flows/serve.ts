import { followData, parseTask, resolved } from '@avow/examine/flow';
import { dropLent, readWithOxc } from '@avow/formats/oxc';
import { readFrame, writeFrame } from '../serve.ts';
import { Ask, type SentJob } from './protocol.ts';

/** The child's side of following one product: asks for the modules that data reaches, gives the result. */
export function serveFlows({ modules, resolutions }: SentJob): void {
  dropLent();
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

/** Ends the process when nobody is there any more to answer. */
function ask(number: number, text: string): Buffer {
  writeFrame(number, Buffer.from(text));
  return readFrame()?.payload ?? process.exit(0);
}
