/** Keeps what is typed into a form in this browser until it is handed in. Nothing of it is sent. */
export {};

/** A draft that nobody came back to is forgotten after a week. */
const KEPT_MS = 7 * 86_400_000;

interface Draft {
  readonly at: number;
  readonly fields: Readonly<Record<string, string>>;
}

const form = document.querySelector<HTMLFormElement>('form[data-draft]');
const done = document.querySelector<HTMLElement>('[data-draft-done]');

function fieldsOf(of: HTMLFormElement): (HTMLInputElement | HTMLTextAreaElement)[] {
  return [...of.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')].filter(
    ({ type, name }) => type !== 'hidden' && type !== 'password' && name !== '',
  );
}

function draftAt(key: string): Draft | undefined {
  const text = localStorage.getItem(key);
  if (text === null) return undefined;
  const draft = JSON.parse(text) as Draft;
  return Date.now() - draft.at < KEPT_MS ? draft : undefined;
}

function keepDraft(of: HTMLFormElement, key: string): void {
  const all = fieldsOf(of);
  const note = document.querySelector<HTMLElement>('#draft');
  const draft = draftAt(key);
  const isEmpty = all.every(({ value }) => value === '');
  if (draft !== undefined && isEmpty) {
    for (const one of all) one.value = draft.fields[one.name] ?? '';
    if (note !== null) note.hidden = false;
  }
  document.querySelector('#draft-forget')?.addEventListener('click', () => {
    localStorage.removeItem(key);
    for (const one of all) one.value = '';
    if (note !== null) note.hidden = true;
  });
  of.addEventListener('input', () => {
    const fields = Object.fromEntries(all.map(({ name, value }) => [name, value]));
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields } satisfies Draft));
  });
}

if (form !== null) keepDraft(form, `draft-${form.dataset.draft}`);
if (done !== null) localStorage.removeItem(`draft-${done.dataset.draftDone}`);
