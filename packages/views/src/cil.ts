import { Refused } from '@avow/bytes';
import { type CilAssembly, type CilTarget, readAssembly, walkCil } from '@avow/formats/cil';
import { type Place, printPlace } from '@avow/locator';

/** A step of a method, as it is shown. */
export interface CilLine {
  /** Offset in the file, in bytes. */
  readonly at: number;
  /** From the start of the method's instructions. */
  readonly within: number;
  readonly text: string;
  readonly isPlace: boolean;
}

/** A method of a .NET assembly with the steps around a place in it. */
export interface CilView {
  readonly name: string;
  /** Offsets in the file of its instructions, and of the place. */
  readonly codeAt: number;
  readonly codeSize: number;
  readonly at: number;
  readonly lines: readonly CilLine[];
}

/**
 * A method of a .NET assembly, or an instruction in it: its name, the calls,
 * texts and numbers around the place.
 *
 * Refuses `locate.outside` for a method or offset that the assembly does not have.
 */
export function cilView(
  place: Extract<Place, { kind: 'il' }>,
  bytes: Uint8Array,
  context: number,
): CilView {
  const assembly = readAssembly(bytes);
  const method = assembly?.methods.get(place.token);
  const offset = Number(place.offset ?? 0n);
  if (assembly === undefined || method === undefined || offset >= method.codeSize) {
    throw new Refused(
      'locate.outside',
      undefined,
      `the module has no instructions at ${printPlace(place)}`,
    );
  }
  const { codeAt, codeSize } = method;
  const steps = stepsOf(assembly, bytes, codeAt, codeAt + codeSize);
  const index = steps.findLastIndex((step) => step.at <= codeAt + offset);
  return {
    name: nameOf(assembly.names.target(place.token)) ?? method.name,
    codeAt,
    codeSize,
    at: codeAt + offset,
    lines: steps
      .slice(Math.max(0, index - context), index + context + 1)
      .map((step) => ({ ...step, within: step.at - codeAt, isPlace: step === steps[index] })),
  };
}

function stepsOf(
  { names }: CilAssembly,
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly at: number; readonly text: string }[] {
  const steps: { at: number; text: string }[] = [];
  walkCil(bytes, start, end, {
    call: (at, token) => {
      const name = nameOf(names.target(token)) ?? `0x${token.toString(16).padStart(8, '0')}`;
      steps.push({ at, text: `call ${name}` });
    },
    text: (at, token) =>
      steps.push({
        at,
        text: `text ${JSON.stringify((names.userText(token) ?? '').slice(0, 60))}`,
      }),
    constant: (at, value) => steps.push({ at, text: `const ${value}` }),
    other: (at) => steps.push({ at, text: `opcode 0x${bytes[at]!.toString(16)}` }),
  });
  return steps;
}

function nameOf(target: CilTarget | undefined): string | undefined {
  if (target === undefined) return undefined;
  if (target.isNative) return `${target.from}!${target.name}`;
  return target.type === '' ? target.name : `${target.type}.${target.name}`;
}
