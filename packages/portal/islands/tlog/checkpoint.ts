import { type Bytes, bytesOf, fromBase64, sha256 } from './bytes.ts';

/** A signed checkpoint (C2SP tlog-checkpoint in a C2SP signed-note). */
export interface Checkpoint {
  readonly note: string;
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
}

export async function readCheckpoint(): Promise<Checkpoint> {
  const note = new TextDecoder().decode(await bytesOf('/log/checkpoint'));
  const [origin = '', size = '', root = ''] = note.split('\n');
  if (!/^(?:0|[1-9]\d{0,15})$/.test(size)) throw new Error(`/log/checkpoint: ${size}`);
  return { note, origin, size: Number(size), root };
}

const ED25519 = 1;

/**
 * Whether the checkpoint is signed by the key, `NAME+HASH+BASE64` with an
 * Ed25519 key (C2SP signed-note). Throws where the key cannot be read.
 */
export async function isSigned({ note }: Checkpoint, vkey: string): Promise<boolean> {
  const match = /^(.+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(vkey.trim());
  if (match === null) throw new Error(vkey);
  const [, name = '', id = '', encoded = ''] = match;
  const typed = fromBase64(encoded);
  const named = new TextEncoder().encode(`${name}\n`);
  const digest = await sha256(named, typed);
  if (typed[0] !== ED25519 || typed.length !== 33 || hex(digest.slice(0, 4)) !== id) {
    throw new Error(vkey);
  }
  const end = note.indexOf('\n\n');
  const signed = new TextEncoder().encode(note.slice(0, end + 1));
  const key = await crypto.subtle.importKey('raw', typed.slice(1), 'Ed25519', false, ['verify']);
  for (const line of note.slice(end + 2).split('\n')) {
    if (!line.startsWith(`— ${name} `)) continue;
    const signature = fromBase64(line.slice(line.lastIndexOf(' ') + 1));
    if (hex(signature.slice(0, 4)) !== id) continue;
    return crypto.subtle.verify('Ed25519', key, signature.slice(4), signed);
  }
  return false;
}

function hex(bytes: Bytes): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
