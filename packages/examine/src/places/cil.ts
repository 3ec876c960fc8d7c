import type { CilMethod } from '@avow/formats/cil';
import type { Place } from '@avow/locator';
import { type FoundPlace, here } from './place.ts';

const NEAR = 5;

/** A place in CIL: a method by its token, an instruction by its IL offset. */
export function findCil(
  methods: ReadonlyMap<number, CilMethod>,
  place: Place,
): FoundPlace | undefined {
  if (place.kind !== 'il') return undefined;
  const method = methods.get(place.token);
  if (method === undefined) {
    const says = `no method with a body has token 0x${place.token.toString(16).padStart(8, '0')}`;
    return { state: 'outside', says, near: near(methods, place.token) };
  }
  const offset = Number(place.offset ?? 0n);
  const { codeAt, codeSize } = method;
  if (offset < codeSize) return here(codeAt + offset, 1, codeAt, codeAt + codeSize);
  const says = `${method.name} has 0x${codeSize.toString(16)} bytes of instructions`;
  return { state: 'outside', says, near: near(methods, place.token) };
}

function near(methods: ReadonlyMap<number, CilMethod>, token: number): readonly string[] {
  return [...methods.values()]
    .sort((one, other) => Math.abs(one.token - token) - Math.abs(other.token - token))
    .slice(0, NEAR)
    .map((one) => `method ${one.name} @il:0x${one.token.toString(16).padStart(8, '0')}`);
}
