/**
 * Verifies the log in the browser: reads every entry, derives the root of the
 * tree (RFC 6962, 2.1) and compares it with the signed one. The signature of
 * the checkpoint is for whoever has the log's key from elsewhere.
 */
export {};

const button = document.querySelector<HTMLButtonElement>('#verify');
const says = document.querySelector('#verify-says');

type Bytes = Uint8Array<ArrayBuffer>;

async function sha256(prefix: number, ...parts: readonly Bytes[]): Promise<Bytes> {
  const whole = new Uint8Array(1 + parts.reduce((sum, part) => sum + part.length, 0));
  whole[0] = prefix;
  let at = 1;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

/** `x001/234` of tlog-tiles: groups of three digits, all but the last with an x. */
function bundlePath(index: number, width: number): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const groups = digits.match(/.{3}/g) ?? [];
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `/log/tile/entries/${path}${width === 256 ? '' : `.p/${width}`}`;
}

async function bytesOf(path: string): Promise<Bytes> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Complete trees to the left of the edge, the largest first. */
type Edge = { readonly height: number; readonly hash: Bytes }[];

async function add(edge: Edge, leaf: Bytes): Promise<void> {
  let top = { height: 0, hash: leaf };
  while (edge.at(-1)?.height === top.height) {
    const left = edge.pop()!;
    top = { height: top.height + 1, hash: await sha256(1, left.hash, top.hash) };
  }
  edge.push(top);
}

async function verify(tell: (entries: number) => void): Promise<void> {
  const note = new TextDecoder().decode(await bytesOf('/log/checkpoint'));
  const [, sizeText = '', root = ''] = note.split('\n');
  const size = Number(sizeText);
  const edge: Edge = [];
  for (let from = 0; from < size; from += 256) {
    const width = Math.min(256, size - from);
    const bundle = await bytesOf(bundlePath(from / 256, width));
    const view = new DataView(bundle.buffer);
    for (let at = 0; at < bundle.length; ) {
      const length = view.getUint16(at);
      await add(edge, await sha256(0, bundle.slice(at + 2, at + 2 + length)));
      at += 2 + length;
    }
    tell(from + width);
  }
  let hash =
    edge.pop()?.hash ?? new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array()));
  while (edge.length > 0) hash = await sha256(1, edge.pop()!.hash, hash);
  const found = btoa(String.fromCharCode(...hash));
  if (found !== root) throw new Error(`${found} ≠ ${root}`);
}

if (button !== null && says !== null) {
  const { done = '', failed = '', at = '' } = button.dataset;
  button.hidden = false;
  button.addEventListener('click', () => {
    button.disabled = true;
    verify((entries) => {
      says.textContent = `${at} ${entries}`;
    })
      .then(
        () => {
          says.textContent = done;
        },
        (error: unknown) => {
          says.textContent = `${failed} ${error instanceof Error ? error.message : error}`;
        },
      )
      .finally(() => {
        button.disabled = false;
      });
  });
}
