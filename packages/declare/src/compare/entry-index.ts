import type { Entry } from '../declaration/declaration.ts';
import { alternativesOf, hostParts } from '../declaration/pattern.ts';
import { isNameless, isSource } from '../declaration/words.ts';
import type { FeatureId } from '../vocabulary.ts';

/**
 * Finds the entries that may cover a feature without asking all of them:
 * by id, then by recipient (exact text, host, parent domain), then by module
 * for entries that name no recipient. What it gives is still to be checked.
 */
export class EntryIndex {
  readonly #byId = new Map<FeatureId, Slots>();
  /** Entries that mean single features or flows, by those ids. */
  readonly #pinned = new Map<string, Entry[]>();

  constructor(entries: readonly Entry[]) {
    for (const entry of entries) {
      if (entry.only.length > 0) for (const id of entry.only) push(this.#pinned, id, entry);
      else for (const id of [...entry.data, ...entry.does]) this.#slots(id).add(entry);
    }
  }

  pinned(id: string): readonly Entry[] {
    return this.#pinned.get(id) ?? [];
  }

  candidates(feature: FeatureId, recipient: string | undefined, path: string): readonly Entry[] {
    if (recipient === undefined && isNameless(feature)) return this.all(feature);
    return this.#byId.get(feature)?.find(recipient, path) ?? [];
  }

  /** All that name the feature, whatever its recipient. */
  all(feature: FeatureId): readonly Entry[] {
    return this.#byId.get(feature)?.every ?? [];
  }

  #slots(id: FeatureId): Slots {
    let slots = this.#byId.get(id);
    if (slots === undefined) this.#byId.set(id, (slots = new Slots(isSource(id) ? 'from' : 'to')));
    return slots;
  }
}

class Slots {
  readonly every: Entry[] = [];
  readonly #field: 'from' | 'to';
  readonly #exact = new Map<string, Entry[]>();
  readonly #domains = new Map<string, Entry[]>();
  readonly #modules = new Map<string, Entry[]>();
  readonly #rest: Entry[] = [];

  constructor(field: 'from' | 'to') {
    this.#field = field;
  }

  add(entry: Entry): void {
    this.every.push(entry);
    const patterns = entry[this.#field];
    if (patterns.length === 0) this.#addByModule(entry);
    for (const pattern of patterns) this.#addPattern(pattern, entry);
  }

  find(recipient: string | undefined, path: string): readonly Entry[] {
    const found = new Found();
    found.add(this.#rest);
    found.add(this.#modules.get(path));
    if (recipient === undefined) return found.entries;
    found.add(this.#exact.get(recipient));
    for (const one of alternativesOf(recipient)) {
      if (one !== recipient) found.add(this.#exact.get(one));
      const host = hostParts(one)?.host;
      if (host !== undefined) this.#findHost(host, found);
    }
    return found.entries;
  }

  #findHost(host: string, found: Found): void {
    found.add(this.#exact.get(host));
    if (this.#domains.size === 0) return;
    for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
      found.add(this.#domains.get(host.slice(dot)));
    }
  }

  #addByModule(entry: Entry): void {
    const isExact = entry.by.length > 0 && entry.by.every((path) => !/[*]|\/$/.test(path));
    if (!isExact) this.#rest.push(entry);
    else for (const path of entry.by) push(this.#modules, path, entry);
  }

  #addPattern(pattern: string, entry: Entry): void {
    const host = hostParts(pattern)?.host;
    if (host?.startsWith('*.')) push(this.#domains, host.slice(1), entry);
    else if (host !== undefined) push(this.#exact, host, entry);
    if (host !== undefined || !pattern.includes('*')) push(this.#exact, pattern, entry);
    if (host === undefined && (pattern.includes('*') || pattern === 'unresolved')) {
      if (!this.#rest.includes(entry)) this.#rest.push(entry);
    }
  }
}

/** Entries, each once, in the order of their coming; a list that stays the only one is not copied. */
class Found {
  entries: readonly Entry[] = [];

  add(more: readonly Entry[] | undefined): void {
    if (more === undefined || more.length === 0 || more === this.entries) return;
    this.entries = this.entries.length === 0 ? more : [...new Set([...this.entries, ...more])];
  }
}

function push<K>(map: Map<K, Entry[]>, key: K, entry: Entry): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [entry]);
  else if (list.at(-1) !== entry) list.push(entry);
}
