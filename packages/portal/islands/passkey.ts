/** Passkeys: what a browser's `navigator.credentials` does, between two calls of the API. */
export {};

const says = document.querySelector('#passkey-says');
const isThere =
  'PublicKeyCredential' in window && 'parseCreationOptionsFromJSON' in PublicKeyCredential;

async function post(path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`/api/v1${path}`, {
    method: 'POST',
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { readonly detail?: string };
  if (!response.ok) throw new Error(answer.detail ?? response.statusText);
  return answer;
}

async function signIn(next: string): Promise<void> {
  const json = (await post('/session/passkey/options')) as PublicKeyCredentialRequestOptionsJSON;
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(json);
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  await post('/session/passkey', { credential: credential.toJSON() });
  location.assign(next);
}

async function add(name: string): Promise<void> {
  const json = (await post('/passkeys/options')) as PublicKeyCredentialCreationOptionsJSON;
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json);
  const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  await post('/passkeys', { name, credential: credential.toJSON() });
  location.reload();
}

function bind(id: string, work: (data: DOMStringMap) => Promise<void>): void {
  const button = document.querySelector<HTMLButtonElement>(id);
  if (button === null || !isThere) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    work(button.dataset).catch((error: unknown) => {
      if (says !== null) says.textContent = error instanceof Error ? error.message : String(error);
    });
  });
}

bind('#passkey-sign-in', ({ next }) => signIn(next ?? '/'));
bind('#passkey-add', ({ name }) => add(name ?? 'passkey'));
