import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { ACCOUNT_ROLES, SCOPES } from '../access/identity.ts';

/** `64M`, `2G`, or bytes. */
const size = z
  .union([z.number().int().nonnegative(), z.string().regex(/^\d{1,12}[KMGT]?$/)])
  .transform((value) => (typeof value === 'number' ? value : bytesOf(value)));

function bytesOf(text: string): number {
  const unit = 'KMGT'.indexOf(text.at(-1)!) + 1;
  return Number.parseInt(text, 10) * 1024 ** unit;
}

/** Whole numbers come as texts out of the environment. */
const whole = z.coerce.number().int();

const url = z
  .string()
  .regex(
    /^https?:\/\/[^/?#\s]+(?:\/[^?#\s]*[^/?#\s])?$/,
    'http(s)://HOST without a slash at the end',
  );

const publisher = z.strictObject({
  name: z.string().min(1).max(200).default('Avow'),
  /** CSAF's namespace: a URL that names the publisher. */
  namespace: z.url().default('https://example.org'),
  /** Before the year in the ids of advisories. */
  prefix: z
    .string()
    .regex(/^[a-z0-9-]{1,20}$/)
    .default('avow'),
  /** For security.txt: `mailto:` or `https:`. */
  contact: z
    .string()
    .regex(/^(?:mailto:|https:\/\/)\S+$/)
    .optional(),
  /** OpenPGP signatures of advisories, by a command of one's own. */
  sign: z
    .strictObject({
      /** Program and arguments: prints the armored detached signature of its standard input. */
      command: z.array(z.string().min(1)).min(1).max(50),
      /** The public key, ASCII-armored. */
      publicKeyFile: z.string().refine(isAbsolute, 'an absolute path'),
      fingerprint: z.string().regex(/^[0-9A-Fa-f]{40,64}$/, '40 hex digits or more'),
    })
    .optional(),
});

/** Where verdicts and advisories are logged. */
const logTo = z.strictObject({
  /** Folder of a log on this machine, which nothing else writes; or the URL of `avow log serve`. */
  log: z
    .string()
    .refine((one) => isAbsolute(one) || /^https?:\/\//.test(one), 'an absolute path or a URL'),
  /** Of a log at a URL: its key, as `avow log init` printed it. */
  key: z.string().min(1).max(500).optional(),
  /** File with the token that the log takes entries by. */
  tokenFile: z.string().refine(isAbsolute, 'an absolute path').optional(),
});

const limits = z.strictObject({
  /** Bytes of one JSON body. */
  body: size.default(1024 ** 2),
  /** Bytes of one artifact. */
  upload: size.default(512 * 1024 ** 2),
  /** Artifacts that one account has under way at once. */
  uploadsAtOnce: whole.min(1).default(20),
  /** Bytes that one account may hand in in a day. */
  uploadsADay: size.default(4 * 1024 ** 3),
  /** Requests of one place in a minute: reading, writing, costly ones. */
  read: whole.min(1).default(600),
  write: whole.min(1).default(60),
  costly: whole.min(1).default(20),
  /** Leading zero bits that an anonymous claim proves work by; 0 asks for none. */
  proofOfWork: whole.min(0).max(30).default(18),
  /** Followers of server-sent events at once. */
  followers: whole.min(1).default(1_000),
});

const workers = z.strictObject({
  /** Examinations at once. */
  count: whole.min(0).max(256).default(1),
  /** Seconds that one examination may take. */
  seconds: whole.min(1).default(900),
  /** Bytes of memory that one may use, its children included. */
  memory: size.default(3 * 1024 ** 3),
  /** Child processes that read modules, in each. */
  readers: whole.min(1).max(64).default(2),
});

const token = z.strictObject({
  name: z.string().regex(/^[\w.@-]{1,64}$/),
  /** SHA-256 of the token, lower-case hex: the token itself is kept nowhere. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  grants: z
    .array(z.strictObject({ role: z.enum(ACCOUNT_ROLES), maker: z.string().optional() }))
    .default([]),
  scopes: z.array(z.enum(SCOPES)).default([...SCOPES]),
});

/** Mail goes out by a server of one's own; where none is told, no mail does. */
const mail = z.strictObject({
  /** Port 465 by TLS at once, any other by STARTTLS; only to this machine itself without. */
  server: z
    .string()
    .regex(/^smtps?:\/\/[^/?#\s@]+$/, 'smtp(s)://HOST:PORT, without a name or password')
    .optional(),
  user: z.string().min(1).max(200).optional(),
  /** File that has the password: it is in no configuration, and in no backup of one. */
  passwordFile: z.string().refine(isAbsolute, 'an absolute path').optional(),
  /** Whom mail is from. */
  from: z.email().optional(),
  /** Between two digests to one person. */
  digestHours: whole.min(1).max(168).default(24),
});

/** A service that people may sign in with (OpenID Connect). */
const provider = z.strictObject({
  /** In paths. */
  id: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  /** As people know it. */
  name: z.string().min(1).max(64),
  issuer: z.url({ protocol: /^https?$/ }),
  client: z.string().min(1).max(200),
  /** File that has the client's secret: it is in no configuration, and in no backup of one. */
  secretFile: z.string().refine(isAbsolute, 'an absolute path'),
});

export const ROLES_OF_A_SERVER = ['all', 'web', 'worker', 'log'] as const;

/**
 * Everything that can be set. Each key has its variable: `limits.upload` is
 * `AVOW_LIMITS_UPLOAD`. Lists are set in the file alone.
 */
export const CONFIG = z.strictObject({
  role: z.enum(ROLES_OF_A_SERVER).default('all'),
  /** Folder of everything that is kept on this machine. */
  data: z.string().refine(isAbsolute, 'an absolute path'),
  /** `sqlite:/path` or `postgres://…`; unless told, a file in `data`. */
  database: z
    .string()
    .regex(/^(?:sqlite:|postgres(?:ql)?:\/\/)/)
    .optional(),
  /** `file:/path` or `s3://…`; unless told, a folder in `data`. */
  objects: z
    .string()
    .regex(/^(?:file:|s3:)/)
    .optional(),
  /** File of the 32 bytes that seal and sign for the service, the same for all of its servers; unless told, `secret` in `data`. */
  secretFile: z.string().refine(isAbsolute, 'an absolute path').optional(),
  host: z.string().min(1).default('127.0.0.1'),
  port: whole.min(0).max(65_535).default(8080),
  /** Where others reach it: in feeds, links and CSRF checks. */
  url: url.optional(),
  /** Proxies in front whose X-Forwarded-For is believed: how many. */
  proxies: whole.min(0).max(10).default(0),
  /** Folder of a log that is served under /log, as `avow log` made it. */
  log: z.string().refine(isAbsolute, 'an absolute path').optional(),
  /** A log that published verdicts and advisories are appended to. */
  logTo: logTo.optional(),
  level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  publisher: publisher.prefault({}),
  limits: limits.prefault({}),
  workers: workers.prefault({}),
  mail: mail.prefault({}),
  tokens: z.array(token).default([]),
  /** Services that people may sign in with. */
  signIn: z.array(provider).default([]),
});

export type Config = z.output<typeof CONFIG>;
