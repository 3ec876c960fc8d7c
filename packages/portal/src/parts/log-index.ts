import type { Ask } from '../ask.ts';
import { type LogEntry, readBundle, sizeOfLog, WIDTH } from './log-entries.ts';

/** Of a longer log the newest so many entries are known by their digests; the rest is found by its number. */
const MAX_BUNDLES = 1_000;
/** Bundles that are read at once. */
const AT_ONCE = 8;

/** What is known of the complete bundles, which never change. */
interface Known {
  readonly from: number;
  to: number;
  readonly byName: Map<string, LogEntry[]>;
}

/** By the log's name. */
const KNOWN = new Map<string, Known>();
const MOST_LOGS = 4;

/** Entries that name one of these digests or products, the newest first; none where no log is served. */
export async function entriesNaming(client: Ask, names: readonly string[]): Promise<LogEntry[]> {
  const log = await sizeOfLog(client);
  if (log === undefined) return [];
  const complete = Math.floor(log.size / WIDTH);
  const known = await knownOf(client, log.origin, complete);
  const rest = complete * WIDTH === log.size ? [] : await readBundle(client, complete, log.size);
  const found = [
    ...names.flatMap((name) => known.byName.get(name) ?? []),
    ...rest.filter((entry) => namesOf(entry).some((name) => names.includes(name))),
  ];
  const distinct = [...new Map(found.map((entry) => [entry.index, entry])).values()];
  return distinct.sort((one, other) => other.index - one.index);
}

async function knownOf(client: Ask, origin: string, complete: number): Promise<Known> {
  let known = KNOWN.get(origin);
  if (known === undefined || known.to > complete) {
    const from = Math.max(0, complete - MAX_BUNDLES);
    known = { from, to: from, byName: new Map() };
    if (KNOWN.size >= MOST_LOGS) KNOWN.delete(KNOWN.keys().next().value!);
    KNOWN.set(origin, known);
  }
  while (known.to < complete) {
    const { to } = known;
    const wanted = Array.from({ length: Math.min(AT_ONCE, complete - to) }, (_, at) => to + at);
    const size = complete * WIDTH;
    const bundles = await Promise.all(wanted.map((one) => readBundle(client, one, size)));
    // Another request may have read the same meanwhile.
    if (known.to !== to) continue;
    for (const entry of bundles.flat()) {
      for (const name of namesOf(entry)) {
        const list = known.byName.get(name);
        if (list === undefined) known.byName.set(name, [entry]);
        else list.push(entry);
      }
    }
    known.to = to + wanted.length;
  }
  return known;
}

/** What an entry is about, as pages ask for it: its digest, the artifact a verdict is about, its product. */
function namesOf({ fields: { digest, about, product } }: LogEntry): string[] {
  return [...new Set([digest, about, product])].filter((name) => name !== undefined);
}
