import type { AnswerOf, cases } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Visit } from '../../page/page.ts';
import type { Html } from '../../page/shown.ts';
import { buttonForm, field, type Typed } from '../../parts/forms.ts';

type Case = AnswerOf<typeof cases.read>;

export const OUTCOMES = [
  'undeclared',
  'contradicts',
  'declared',
  'absent',
  'unreachable',
  'unknown',
] as const;
export const STANCES = ['confirms', 'disputes', 'declares', 'agrees', 'contests'] as const;

/** What the visitor may do in a case; the API decides. */
export function actions({ words, account }: Visit, one: Case, typed: Typed): Html {
  const { say } = words;
  const action = `/cases/${one.id}`;
  const can = new Set(one.can);
  const plain = (['take', 'notify', 'run', 'approve', 'publish'] as const).filter((move) =>
    can.has(move),
  );
  const isStaff = account?.isStaff === true;
  return html`<h2 class="screen">${say('case.act')}</h2>
<form method="post" action="${action}"><input type="hidden" name="act" value="state">
${field(words, typed, 'text', 'case.say', { isLong: true, isRequired: true, most: 50_000 })}
<div class="field"><label for="stance">${say('case.stance')}</label><select id="stance" name="stance"><option value="">–</option>${STANCES.map((stance) => html`<option value="${stance}">${words.word('stance', stance)}</option>`)}</select></div>
${field(words, typed, 'locator', 'case.locator', { most: 2000 })}
<button>${say('form.send')}</button></form>
${isStaff ? plain.map((move) => buttonForm(action, words.word('move', move), { act: move })) : ''}
${
  isStaff && can.has('propose')
    ? html`<form method="post" action="${action}"><input type="hidden" name="act" value="propose">
<div class="field"><label for="outcome">${say('case.outcome')}</label><select id="outcome" name="outcome">${OUTCOMES.map((outcome) => html`<option value="${outcome}">${words.word('outcome', outcome)}</option>`)}</select></div>
${field(words, typed, 'summary', 'case.summary', { isLong: true, isRequired: true, most: 5000 })}
<button>${words.word('move', 'propose')}</button></form>`
    : ''
}` as Html;
}
