import type { Config } from '../config/config.ts';
import { mailerOf } from '../mail/mailer.ts';
import { bad, type Found, ok, warn } from './finding.ts';

/** Signs in at the mail server; sends nothing. */
export async function mailServer({ mail, url }: Config): Promise<readonly Found[]> {
  const mailer = mailerOf(mail);
  if (mailer === undefined) return [ok('mail', 'none is configured: none goes out')];
  try {
    await mailer.verify();
  } finally {
    mailer.close();
  }
  if (mail.from === undefined)
    return [bad('mail', 'nobody is told as its sender', 'set mail.from')];
  if (url === undefined) {
    return [warn('mail', 'its links go nowhere', 'set "url" to the address that others have')];
  }
  return [ok('mail', `${mail.server} takes it, from ${mail.from}`)];
}
