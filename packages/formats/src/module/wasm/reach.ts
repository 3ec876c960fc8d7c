import { Refused } from '@avow/bytes';
import { walkBody } from './code.ts';
import type { WasmModule } from './module.ts';
import { WasmReader } from './reader.ts';
import { REF_FUNC, referredFunctions } from './references.ts';

/**
 * Functions that anything can come to: exported, run at the start, or one whose
 * reference is made anywhere (elements, globals, `ref.func`), so that an
 * indirect call may reach it; and all that these call. What is not among them
 * cannot run (Core 3.0, 4.2: a function is reached by its index or by a
 * reference alone). Undefined where a part that may refer to one is not read.
 */
export function reachableFunctions(module: WasmModule): ReadonlySet<number> | undefined {
  if (module.unread.length > 0) return undefined;
  try {
    const calls = new Map<number, number[]>();
    const reached = startsOf(module, calls);
    for (const { kind, index } of module.exports) if (kind === 'function') reached.add(index);
    if (module.start !== undefined) reached.add(module.start);
    for (const one of reached) for (const called of calls.get(one) ?? []) reached.add(called);
    return reached;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** Functions whose references are made; fills in who calls whom. Refuses what it does not know. */
function startsOf(module: WasmModule, calls: Map<number, number[]>): Set<number> {
  const { bytes, bodies, importedFunctions } = module;
  const referred = referredFunctions(module);
  bodies.forEach((body, index) => {
    const called: number[] = [];
    calls.set(importedFunctions + index, called);
    walkBody(bytes, body, {
      call: (_, func) => {
        called.push(func);
      },
      indirect: () => {},
      constant: () => {},
      other: (at, opcode) => {
        if (opcode === REF_FUNC) referred.add(new WasmReader(bytes, at + 1, body.end).u32());
      },
    });
  });
  return referred;
}
