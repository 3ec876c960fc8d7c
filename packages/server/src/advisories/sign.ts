import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { digestOf, Refused } from '@avow/bytes';
import type { Published } from '@avow/stores/standing';
import type { Config } from '../config/config.ts';

/** The operator's own OpenPGP: the key is in their keeping, never in ours (docs/decisions/0101). */
export interface Signer {
  readonly fingerprint: string;
  /** The public key, ASCII-armored. */
  readonly armored: string;
  /** The detached signature of a text, ASCII-armored. Refuses `publish.sign`. */
  sign(text: string): Promise<string>;
}

/** Asking for a passphrase takes for ever: nobody is there to type it. */
const LONGEST_MS = 30_000;
const MAX_SIGNATURE = 64 * 1024;

/** Undefined where documents are not signed. */
export function signerOf(
  settings: Config['publisher']['sign'],
  published: Pick<Published, 'signatureOf' | 'addSignature'>,
): Signer | undefined {
  if (settings === undefined) return undefined;
  const { command, publicKeyFile, fingerprint } = settings;
  return {
    fingerprint,
    armored: readFileSync(publicKeyFile, 'utf8'),
    sign: async (text) => {
      const digest = digestOf(text);
      const known = await published.signatureOf(digest);
      if (known !== undefined) return known;
      const signature = await signedBy(command, text);
      await published.addSignature(digest, signature);
      return signature;
    },
  };
}

/** Runs the command with the text on its standard input; no shell is between. */
async function signedBy(command: readonly string[], text: string): Promise<string> {
  const [program = '', ...args] = command;
  const signature = await new Promise<string>((resolve, reject) => {
    const settings = { timeout: LONGEST_MS, maxBuffer: MAX_SIGNATURE } as const;
    const child = execFile(program, args, settings, (error, out, said) => {
      if (error === null) resolve(out);
      else reject(refused(program, said.trim() === '' ? error.message : said.trim()));
    });
    // A command that does not read to the end says why by its exit.
    child.stdin?.on('error', () => {});
    child.stdin?.end(text);
  });
  if (!signature.startsWith('-----BEGIN PGP SIGNATURE-----')) {
    throw refused(program, 'it printed no armored signature');
  }
  return signature;
}

function refused(program: string, why: string): Refused {
  return new Refused('publish.sign', undefined, `${program} does not sign: ${why.slice(0, 500)}`);
}
