import type { Faults, Piece } from './faults.ts';
import type { Guard } from './locator.ts';
import { quoted } from './refused.ts';

const SHA256 = /^sha256:([0-9a-f]{64})$/i;
/** Build-ids (hex), UUIDs, PDB ids, Go build ids (with `/` and `_`). */
const ID = /^id:([A-Za-z0-9._/-]{1,256})$/;
const ALL_HEX = /^[0-9A-Fa-f-]+$/;

/** Hex ids are lower case; others stand as they are. */
export function normaliseId(id: string): string {
  return ALL_HEX.test(id) ? id.toLowerCase() : id;
}

export function printGuard(guard: Guard): string {
  return guard.kind === 'sha256' ? `sha256:${guard.sha256}` : `id:${guard.id}`;
}

/** Digest before identifier. */
export function orderGuards(guards: readonly Guard[]): readonly Guard[] {
  return [...guards].sort((a, b) => rankOf(a) - rankOf(b));
}

export function readGuard(piece: Piece, seen: readonly Guard[], faults: Faults): Guard | undefined {
  const sha256 = SHA256.exec(piece.text)?.[1];
  const id = ID.exec(piece.text)?.[1];
  const guard: Guard | undefined =
    sha256 !== undefined
      ? { kind: 'sha256', sha256: sha256.toLowerCase() }
      : id !== undefined
        ? { kind: 'id', id: normaliseId(id) }
        : undefined;
  if (guard !== undefined && !seen.some((other) => other.kind === guard.kind)) return guard;
  return faults.add({
    code: 'locator.guard',
    at: piece.at,
    found: quoted(piece.text),
    expected: '"sha256:" and 64 hex digits or "id:" and a build-id, each at most once',
  });
}

function rankOf(guard: Guard): number {
  return guard.kind === 'sha256' ? 0 : 1;
}
