import { ServiceRefused } from '@avow/server/client';
import { html } from 'hono/html';
import { type Html, shown } from '../page/shown.ts';
import type { MessageId, Words } from '../words/words.ts';

/** What was typed, to be shown again when it cannot be taken: nothing that a person wrote is lost. */
export interface Typed {
  readonly values: Readonly<Record<string, string>>;
  readonly problem?: ServiceRefused;
}

export const NOTHING_TYPED: Typed = { values: {} };

/** Longest text of one field that is read; the API has limits of its own. */
const MAX_FIELD = 200_000;

/** Bytes of a form without files. */
const MAX_FORM = 1024 ** 2;

/**
 * The form of a request. Its length is asked before anything of it is read: a
 * browser says it, and Node reads no further than was said. Refuses
 * `request.media`, `request.too-large`, `request.invalid`.
 */
export async function formOf(request: Request, most = MAX_FORM): Promise<FormData> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^(?:application\/x-www-form-urlencoded|multipart\/form-data)\s*(?:;|$)/i.test(type)) {
    throw refused('request.media', 415, 'a page takes forms');
  }
  const length = Number(request.headers.get('content-length') ?? Number.POSITIVE_INFINITY);
  if (!(length <= most)) throw refused('request.too-large', 413, `a form has ${most} bytes here`);
  try {
    return await request.formData();
  } catch {
    throw refused('request.invalid', 400, 'it is no form');
  }
}

function refused(code: string, status: number, detail: string): ServiceRefused {
  return new ServiceRefused({
    code,
    status,
    detail,
    title: code,
    type: `/codes/${code}`,
    request: '',
  });
}

/** The fields of a form that was sent; files are not among them. */
export async function fieldsOf(request: Request): Promise<Record<string, string>> {
  const form = await formOf(request);
  const fields: Record<string, string> = {};
  for (const [name, value] of form) {
    // Browsers send line ends as CR LF (HTML 4.10.21.4).
    if (typeof value === 'string')
      fields[name] = value.slice(0, MAX_FIELD).replaceAll('\r\n', '\n');
  }
  return fields;
}

/** What an action of a form throws, as the form's own fault; what is our fault goes on. */
export async function tried(
  values: Readonly<Record<string, string>>,
  action: () => Promise<Response>,
): Promise<Response | Typed> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof ServiceRefused && error.status < 500) return { values, problem: error };
    throw error;
  }
}

/** After a form was taken: on to a page, with the cookies that the API set. */
export function goOn(path: string, from?: Response): Response {
  const headers = new Headers({ location: path });
  for (const cookie of from?.headers.getSetCookie() ?? []) headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
}

export interface FieldOptions {
  readonly type?: 'text' | 'password' | 'email' | 'search';
  readonly isRequired?: boolean;
  readonly most?: number;
  readonly least?: number;
  readonly complete?: string;
  readonly says?: MessageId;
  /** More than one line. */
  readonly isLong?: boolean;
}

/** One field with its label, what it is for, and what was wrong with it. */
export function field(
  { say }: Words,
  { values, problem }: Typed,
  name: string,
  label: MessageId,
  options: FieldOptions = {},
): Html {
  const fault = problem?.problem.faults?.find(({ at }) => at.endsWith(`.${name}`));
  const value = options.type === 'password' ? '' : (values[name] ?? '');
  const described = [options.says && `${name}-says`, fault && `${name}-fault`].filter(Boolean);
  const attributes = html`id="${name}" name="${name}" ${options.isRequired === true ? 'required' : ''} ${
    options.most === undefined ? '' : html`maxlength="${options.most}"`
  } ${options.least === undefined ? '' : html`minlength="${options.least}"`} ${
    options.complete === undefined ? '' : html`autocomplete="${options.complete}"`
  } ${fault === undefined ? '' : html`aria-invalid="true"`} ${
    described.length === 0 ? '' : html`aria-describedby="${described.join(' ')}"`
  }`;
  return html`<div class="field"><label for="${name}">${say(label)}</label>
${
  options.isLong === true
    ? html`<textarea ${attributes}>${value}</textarea>`
    : html`<input type="${options.type ?? 'text'}" value="${value}" ${attributes}>`
}
${options.says === undefined ? '' : html`<p class="says" id="${name}-says">${say(options.says)}</p>`}
${fault === undefined ? '' : html`<p class="fault" id="${name}-fault">${shown(fault.says)}</p>`}</div>` as Html;
}

/** What was wrong with the whole of it, above the fields. */
export function faultNotice(words: Words, { problem }: Typed): Html {
  if (problem === undefined) return html`` as Html;
  const text = words.code(problem.code) ?? problem.found;
  return html`<div class="notice bad" role="alert"><p>${shown(text)}</p></div>` as Html;
}

/** A form of one button. */
export function buttonForm(
  action: string,
  label: string,
  hidden: Readonly<Record<string, string>> = {},
): Html {
  return html`<form method="post" action="${action}" class="screen">${Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}<button>${label}</button></form>` as Html;
}
