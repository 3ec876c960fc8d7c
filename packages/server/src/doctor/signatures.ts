import { signerOf } from '../advisories/sign.ts';
import type { Config } from '../config/config.ts';
import { bad, type Found, ok } from './finding.ts';

/** Has a text of no meaning signed, as an advisory would be; it is kept nowhere. */
export async function signatures({ publisher, role }: Config): Promise<readonly Found[]> {
  const kept = { signatureOf: async () => undefined, addSignature: async () => {} };
  const signer = signerOf(publisher.sign, kept);
  if (signer === undefined) return [ok('signatures', 'advisories are not signed')];
  await signer.sign('avow doctor: this says nothing\n');
  if (!signer.armored.includes('BEGIN PGP PUBLIC KEY BLOCK')) {
    return [
      bad(
        'signatures',
        'publisher.sign.publicKeyFile is no armored public key',
        'gpg --armor --export FINGERPRINT',
      ),
    ];
  }
  return [ok('signatures', `advisories are signed by ${signer.fingerprint} (role ${role})`)];
}
