import type { Context } from 'hono';
import { setCookie } from 'hono/cookie';
import { THEMES } from '../page/page.ts';
import { fieldsOf } from '../parts/forms.ts';
import { LOCALE_COOKIE } from '../words/locale.ts';
import type { Words } from '../words/words.ts';

export const THEME_COOKIE = 'avow-colours';

const YEAR = 31_536_000;

/** Keeps a choice of language and colours, and goes back to where it was made. */
export async function keepLook(
  context: Context,
  words: ReadonlyMap<string, Words>,
): Promise<Response> {
  const form = await fieldsOf(context.req.raw);
  const keep = (name: string, value: string) =>
    setCookie(context, name, value, { path: '/', maxAge: YEAR, sameSite: 'Lax', httpOnly: true });
  const language = String(form.language);
  if (words.has(language)) keep(LOCALE_COOKIE, language);
  const theme = THEMES.find((one) => one === form.theme);
  if (theme !== undefined) keep(THEME_COOKIE, theme);
  return context.redirect(localPath(String(form.next)), 303);
}

/** A path of this site and no other: `//host` and backslashes lead elsewhere in browsers. */
export function localPath(text: string): string {
  return /^\/(?![/\\])[^\s\\]*$/.test(text) && text.length < 4000 ? text : '/';
}
