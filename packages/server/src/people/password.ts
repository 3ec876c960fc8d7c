import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Cost of a password: Argon2id (RFC 9106) with 19 MiB, two passes and one lane,
 * the least that OWASP's Password Storage Cheat Sheet names; about 40 ms of one
 * core. Written with the hash (PHC string format), so that it can be raised.
 */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;

/** Hashes at once: each holds its memory, and sign-ins are anybody's to try. */
const AT_ONCE = 2;

let running = 0;
const waiting: (() => void)[] = [];

/** The password as it is kept: `$argon2id$v=19$m=…,t=…,p=…$SALT$HASH`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await hashed(password, salt, COST, 32);
  const { memory, passes, parallelism } = COST;
  const cost = `m=${memory},t=${passes},p=${parallelism}`;
  return `$argon2id$v=19$${cost}$${unpadded(salt)}$${unpadded(hash)}`;
}

/**
 * Whether it is the password of a hash. Without a hash it takes as long and says
 * no: how long it takes tells nobody whether there is such an account.
 */
export async function isPassword(password: string, kept: string | null): Promise<boolean> {
  const parts = PHC.exec(kept ?? NOBODYS);
  if (parts === null) throw new Error('a password was kept in no form that is known');
  const [, memory, passes, parallelism, salt, hash] = parts;
  const expected = Buffer.from(hash!, 'base64');
  const cost = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  };
  const given = await hashed(password, Buffer.from(salt!, 'base64'), cost, expected.length);
  return timingSafeEqual(given, expected) && kept !== null;
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/;

const NOBODYS = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${unpadded(Buffer.alloc(16))}$${unpadded(Buffer.alloc(32))}`;

async function hashed(
  password: string,
  salt: Uint8Array,
  cost: { readonly memory: number; readonly passes: number; readonly parallelism: number },
  tagLength: number,
): Promise<Buffer> {
  while (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    // One text, however the keyboard wrote it (RFC 8265, 4.2.2).
    const message = Buffer.from(password.normalize('NFC'));
    return await new Promise((resolve, reject) =>
      argon2('argon2id', { message, nonce: salt, ...cost, tagLength }, (error, key) =>
        error === null ? resolve(key) : reject(error),
      ),
    );
  } finally {
    running--;
    waiting.shift()?.();
  }
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
