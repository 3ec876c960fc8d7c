import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { createTransport, type Transporter } from 'nodemailer';
import type { Config } from '../config/config.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for the same mail, so that one that comes twice is known. */
  readonly id: string;
  /** Where one click ends it (RFC 8058). */
  readonly unsubscribe?: string;
}

/** Sends mail by the configured server; resolves once that has taken it. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
  /** Connects and signs in; rejects when it cannot. */
  verify(): Promise<void>;
  close(): void;
}

const TIMEOUT_MS = 20_000;

/** Undefined where no server is configured: then no mail goes out, and nobody can subscribe. */
export function mailerOf({ server, user, passwordFile, from }: Config['mail']): Mailer | undefined {
  if (server === undefined) return undefined;
  const transport = transportOf(server, user, passwordFile);
  const sender = from ?? `avow@${new URL(server).hostname}`;
  return {
    send: async ({ to, subject, text, id, unsubscribe }) => {
      await transport.sendMail({
        from: sender,
        to,
        subject,
        text,
        messageId: `<${id}@${sender.split('@').at(-1)}>`,
        // Nobody's absence is answered to us (RFC 3834).
        headers: { 'auto-submitted': 'auto-generated', ...oneClick(unsubscribe) },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    },
    verify: async () => {
      await transport.verify();
    },
    close: () => transport.close(),
  };
}

function oneClick(url: string | undefined): Readonly<Record<string, string>> {
  if (url === undefined) return {};
  return { 'list-unsubscribe': `<${url}>`, 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' };
}

function transportOf(
  server: string,
  user: string | undefined,
  passwordFile: string | undefined,
): Transporter {
  const { protocol, hostname, port } = new URL(server);
  const isTls = protocol === 'smtps:' || port === '465';
  return createTransport({
    host: hostname,
    port: port === '' ? (isTls ? 465 : 587) : Number(port),
    secure: isTls,
    // Without TLS a name, a password and addresses would be read on the way.
    requireTLS: !isTls && !isThisMachine(hostname),
    ...(user === undefined ? {} : { auth: { user, pass: passwordOf(passwordFile) } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
}

function passwordOf(file: string | undefined): string {
  return file === undefined ? '' : readFileSync(file, 'utf8').trimEnd();
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.')) || host === '[::1]';
}
