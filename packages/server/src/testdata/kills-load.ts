import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { tarball } from './product.ts';

/** Where the server is at the moment. */
export interface Site {
  readonly url: string;
  readonly isEnding: boolean;
}

/** Everything that was acknowledged, by what it was; a text is nowhere twice. */
export class Promised {
  /** Texts of claims by their ids. */
  readonly claims = new Map<string, string>();
  /** Texts of claims by their receipt codes. */
  readonly codes = new Map<string, string>();
  readonly dismissed = new Set<string>();
  /** Texts by the claim that they are written to. */
  readonly messages = new Map<string, string>();
  readonly statements = new Set<string>();
  /** Bytes that were taken of each upload. */
  readonly parts = new Map<string, number>();
  /** Digests of whole uploads. */
  readonly uploads = new Map<string, string>();

  counts(): Record<string, number> {
    return Object.fromEntries(
      Object.entries(this).map(([name, { size }]) => [name, size as number]),
    );
  }
}

export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  readonly body: any;
}

/** The case that is there before the first server is. */
export const CASE = 'case-1';

let number = 0;
const nextText = (what: string) => `${what} ${++number}`;

/** Asks once. Undefined: nobody can tell whether it was done. */
export async function asked(
  site: Site,
  as: 'ann' | 'lea' | undefined,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered | undefined> {
  const isBytes = body instanceof Uint8Array;
  try {
    const response = await fetch(`${site.url}/api/v1/${path}`, {
      method,
      signal: AbortSignal.timeout(30_000),
      headers: {
        ...(as === undefined ? {} : { authorization: `Bearer token-of-${as}-0123` }),
        ...(isBytes ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.notEqual(response.status, 500, `${method} ${path}: ${text}`);
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    await pause(50);
    return undefined;
  }
}

/** Claims with and without an account; those that were turned back are dismissed. */
export async function claims(site: Site, promised: Promised): Promise<void> {
  for (let turn = 0; !site.isEnding; turn++) {
    const text = nextText('it spies, I think');
    const made = await asked(site, turn % 3 === 0 ? undefined : 'ann', 'POST', 'claims', { text });
    if (made?.status !== 201) continue;
    const { id, state } = made.body.claim;
    if (made.body.code === undefined) promised.claims.set(id, text);
    else promised.codes.set(made.body.code, text);
    if (state !== 'returned') continue;
    const reasons = { reasons: ['spam'] };
    const done = await asked(site, 'lea', 'POST', `claims/${id}/dismiss`, reasons);
    if (done?.status === 200) promised.dismissed.add(id);
  }
}

export async function messages(site: Site, promised: Promised): Promise<void> {
  while (!site.isEnding) {
    const claim = [...promised.claims.keys()].at(-1);
    const text = nextText('a message');
    const done =
      claim === undefined
        ? undefined
        : await asked(site, 'ann', 'POST', `claims/${claim}/messages`, { text });
    if (done?.status === 201) promised.messages.set(text, claim!);
    await pause(20);
  }
}

export async function statements(site: Site, promised: Promised): Promise<void> {
  while (!site.isEnding) {
    const text = nextText('a statement');
    const done = await asked(site, 'lea', 'POST', `cases/${CASE}/statements`, { text });
    if (done?.status === 201 || done?.status === 200) promised.statements.add(text);
    await pause(100);
  }
}

/** Uploads of different products in two parts each; one that breaks goes on where it was. */
export async function uploads(site: Site, promised: Promised): Promise<void> {
  while (!site.isEnding) {
    const name = `made-${++number}`;
    const bytes = tarball({ 'package.json': `{"name": "${name}", "version": "1.0.0"}` });
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const begun = await asked(site, 'ann', 'POST', 'uploads', {
      file: `${name}.tgz`,
      size: bytes.length,
      digest,
    });
    if (begun?.status !== 201) continue;
    const { id } = begun.body;
    promised.parts.set(id, 0);
    for (;;) {
      const known = await asked(site, 'ann', 'GET', `uploads/${id}`);
      if (known === undefined) {
        if (site.isEnding) return;
        continue;
      }
      assert.equal(known.status, 200, 'an upload that was begun is gone');
      const { offset, state } = known.body;
      assert.ok(offset >= promised.parts.get(id)!, 'an upload lost bytes');
      if (state !== 'open') {
        promised.uploads.set(id, digest);
        break;
      }
      const part = bytes.subarray(offset, offset === 0 ? bytes.length >> 1 : bytes.length);
      const done = await asked(site, 'ann', 'PATCH', `uploads/${id}`, part, {
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
      });
      if (done?.status === 200) promised.parts.set(id, done.body.offset);
    }
    await pause(1_000);
  }
}
