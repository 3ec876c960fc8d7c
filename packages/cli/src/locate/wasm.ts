import { Refused } from '@avow/bytes';
import { readWasm, walkBody } from '@avow/formats/wasm';
import { type Place, printPlace } from '@avow/locator';
import { shown } from '../render/shown.ts';
import { bytesView } from './bytes.ts';

/**
 * A function of WebAssembly, or an instruction in it: names, where its code
 * is, the calls and constants around the place, the bytes.
 *
 * Refuses `locate.outside` for a function or offset that the module does not have.
 */
export function wasmView(
  place: Extract<Place, { kind: 'wasm' }>,
  bytes: Uint8Array,
  context: number,
): string[] {
  const module = readWasm(bytes);
  const body = module.bodies[place.func - module.importedFunctions];
  const at = Number(place.offset ?? body?.codeAt ?? -1);
  if (body === undefined || at < body.offset || at >= body.end) {
    throw new Refused(
      'locate.outside',
      undefined,
      `the module has no code at ${printPlace(place)}`,
    );
  }
  const nameOf = (func: number): string => {
    const imported = module.imports.filter(({ kind }) => kind === 'function')[func];
    const exported = module.exports.find((one) => one.kind === 'function' && one.index === func);
    const name = imported && `${imported.module}.${imported.name}`;
    return name ?? module.names.get(func) ?? exported?.name ?? `function ${func}`;
  };
  const steps: { at: number; text: string }[] = [];
  walkBody(bytes, body, {
    call: (here, func) => steps.push({ at: here, text: `call ${nameOf(func)}` }),
    indirect: (here, type) => steps.push({ at: here, text: `call_indirect type ${type}` }),
    constant: (here, value) => steps.push({ at: here, text: `const ${value}` }),
    other: (here, opcode) => steps.push({ at: here, text: `opcode 0x${opcode.toString(16)}` }),
  });
  const index = steps.findLastIndex((step) => step.at <= at);
  return [
    shown(
      `WebAssembly, ${nameOf(place.func)}, ${body.end - body.offset} bytes from 0x${body.offset.toString(16)}`,
    ),
    `@wasm:${place.func}:0x${at.toString(16)}  @off:0x${at.toString(16)}`,
    '',
    ...steps
      .slice(Math.max(0, index - context), index + context + 1)
      .map((step) =>
        shown(
          `${step.at === steps[index]?.at ? '>' : ' '} 0x${step.at.toString(16)}  ${step.text}`,
        ),
      ),
    '',
    ...bytesView(bytes, at, 1, 1),
  ];
}
