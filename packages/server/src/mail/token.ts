import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the link in a mail does. */
export type Does = 'confirm' | 'end';

/** Signs links in mails, so that they work without signing in, and nobody else can make one. */
export class MailTokens {
  readonly #secret: Uint8Array;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** `made` is when the address was asked: a link to confirm is of that asking alone. */
  token(does: Does, account: string, made: number): string {
    return `${does}.${account}.${made}.${this.#mac(does, account, made)}`;
  }

  read(token: string): { does: Does; account: string; made: number } | undefined {
    const match = /^(confirm|end)\.([A-Za-z0-9_-]{22})\.(\d{1,15})\.([A-Za-z0-9_-]{43})$/.exec(
      token,
    );
    if (match === null) return undefined;
    const [, does, account, made, mac] = match as unknown as [string, Does, string, string, string];
    const wanted = Buffer.from(this.#mac(does, account, Number(made)));
    if (!timingSafeEqual(wanted, Buffer.from(mac))) return undefined;
    return { does, account, made: Number(made) };
  }

  #mac(does: Does, account: string, made: number): string {
    const hmac = createHmac('sha256', this.#secret);
    return hmac.update(`avow mail\n${does}\n${account}\n${made}`).digest('base64url');
  }
}
