import type { Notice, Notices } from '@avow/stores/notices';
import type { Api } from '../app/api.ts';
import type { Followers, SentEvent } from '../app/events.ts';
import { PUBLIC_HEADERS } from '../app/headers.ts';
import { notices } from '../contract/notices.ts';

/** The table is looked at so often: other servers write to it too. */
const LOOK_MS = 1_000;
const CHUNK = 100;

export function answerNotices(api: Api, store: Notices, followers: Followers): void {
  api.answer(notices.events, {
    handle: async ({ request, query }) => {
      const told = request.headers.get('last-event-id');
      const from = told !== null && /^\d{1,15}$/.test(told) ? Number(told) : await store.last();
      const events = (signal: AbortSignal) => following(store, from, query.kind, signal);
      return followers.follow(request, events, PUBLIC_HEADERS);
    },
  });
}

async function* following(
  store: Notices,
  from: number,
  kind: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<SentEvent> {
  for (let last = from; !signal.aborted; ) {
    const found = await store.after(last, CHUNK);
    for (const notice of found) {
      last = notice.number;
      if (kind === undefined || notice.kind === kind) yield sentOf(notice);
    }
    if (found.length < CHUNK) await pause(signal);
  }
}

function sentOf({ number, kind, at, data }: Notice): SentEvent {
  return { id: String(number), event: kind, data: { at, ...JSON.parse(data) } };
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, LOOK_MS);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
