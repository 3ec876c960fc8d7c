import { Refused, utf8Text } from '@avow/bytes';
import type { z } from 'zod';
import { type Fault, InvalidRequest } from './problem.ts';

/** One part of a request against its schema; its faults are added to `faults`. */
export function validPart(
  name: 'path' | 'query' | 'body',
  schema: z.ZodType | undefined,
  value: unknown,
  faults: Fault[],
): unknown {
  if (schema === undefined) return name === 'body' ? undefined : {};
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues.slice(0, MAX_FAULTS)) {
    faults.push({ at: [name, ...path.map(String)].join('.'), says: message });
  }
  return undefined;
}

/** A body of a million wrong elements gets no answer of a million lines. */
const MAX_FAULTS = 20;

/** The query as an object. A name that is given twice is refused: which one counts would be a guess. */
export function queryOf(url: URL): Record<string, string> {
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of url.searchParams) {
    if (name in query) throw new InvalidRequest([{ at: `query.${name}`, says: 'given twice' }]);
    query[name] = value;
  }
  return { ...query };
}

/** The JSON of a request. Refuses `request.media`, `request.too-large`, `request.invalid`. */
export async function jsonOf(request: Request, most: number): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/(?:json|[\w.+-]+\+json)\s*(?:;|$)/i.test(type)) {
    throw new Refused('request.media', undefined, 'the body has to be application/json');
  }
  const text = utf8Text(await bodyOf(request, most));
  if (text === undefined) {
    throw new InvalidRequest([{ at: 'body', says: 'it is no UTF-8' }]);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidRequest([{ at: 'body', says: 'it is no JSON' }]);
  }
}

/** The bytes of a body, as far as `most`. Refuses `request.too-large`. */
export async function bodyOf(request: Request, most: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new Refused('request.too-large', undefined, `a body may have ${most} bytes here`);
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooLarge();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.length;
    if (size > most) throw tooLarge();
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
