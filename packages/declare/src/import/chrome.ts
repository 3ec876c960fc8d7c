import type { Declaration, Entry, Promised } from '../declaration/declaration.ts';
import type { Value } from '../declaration/document.ts';
import { DEEDS, isLeaving, SOURCES } from '../declaration/words.ts';
import type { FeatureId } from '../vocabulary.ts';
import { CHROME_PERMISSIONS, FIREFOX_DATA } from './browser-words.ts';
import { type Exported, entryOf, type Imported, Names, wordsFor } from './imported.ts';
import { at, readJson, textsAt, type Word } from './json.ts';

/**
 * `manifest.json` of browser extensions, versions 2 and 3, with Firefox's
 * `data_collection_permissions`. docs/declarations/chrome.md and firefox.md.
 */

/** What a permission for a host lets code do there. */
const HOST_DEEDS = ['net.http', 'net.websocket', 'net.url-beacon'] as const;
/** What code within a page reads: the page, and the cookies that the page's own scripts see. */
const PAGE_DATA = ['content.view', 'browser.cookies'] as const;
/** And what a permission for a host lets code read there: pages, and addresses and titles of tabs. */
const HOST_DATA = [...PAGE_DATA, 'browser.history'] as const;
const LEAVING = DEEDS.filter(isLeaving);

export function importChrome(text: string, file = 'manifest.json'): Imported {
  const manifest = readJson(text, file);
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
  const reader = new ManifestReader(manifest, folder);
  reader.permissions();
  reader.hosts();
  reader.contentScripts();
  reader.others();
  const collects = reader.dataCollection();
  const declaration: Declaration = {
    maker: '',
    product: '',
    versions: [],
    entries: reader.entries,
    promises: reader.promises,
    databases: [],
    speaksOf: {
      features: NEEDS_PERMISSION,
      flows: collects,
    },
  };
  return { form: 'chrome', declaration, unsaid: reader.unsaid };
}

/**
 * What an extension cannot do without a word in its manifest. Its own pages,
 * storage, key events, files that the user picks and beacons need none, so a
 * manifest that does not name them hides nothing.
 */
const NEEDS_PERMISSION: ReadonlySet<FeatureId> = new Set<FeatureId>([
  'browser.cookies',
  'browser.history',
  'browser.logins',
  'content.traffic',
  'clipboard.read',
  'screen',
  'microphone',
  'camera',
  'location',
  'people',
  'device.id',
  'process.inspect',
  'net.http',
  'net.tcp',
  'net.dns',
  'exec.spawn',
  'code.eval',
  'code.inject',
  'os.config',
]);

class ManifestReader {
  readonly entries: Entry[] = [];
  readonly promises: Promised[] = [];
  readonly unsaid: { word: string; line: number }[] = [];
  readonly #manifest: Value;
  readonly #folder: string;
  readonly #names = new Names();

  constructor(manifest: Value, folder: string) {
    this.#manifest = manifest;
    this.#folder = folder;
  }

  permissions(): void {
    const names = [
      ...textsAt(this.#manifest, 'permissions'),
      ...textsAt(this.#manifest, 'optional_permissions'),
    ];
    for (const word of names) {
      if (isHostPattern(word.text)) continue;
      const row = CHROME_PERMISSIONS[word.text];
      if (row === undefined) this.unsaid.push({ word: word.text, line: word.line });
      else this.#add(word.text, word, row);
    }
  }

  /** In version 2 a host is enough to run code in its pages; version 3 wants `scripting` as well. */
  get #pageDeeds(): readonly FeatureId[] {
    const version = at(this.#manifest, 'manifest_version');
    return version?.kind === 'scalar' && version.value === 2 ? ['code.inject'] : [];
  }

  hosts(): void {
    const keys = [
      'permissions',
      'optional_permissions',
      'host_permissions',
      'optional_host_permissions',
    ];
    for (const word of keys.flatMap((key) => textsAt(this.#manifest, key))) {
      if (isHostPattern(word.text)) {
        this.#add(word.text, word, { does: HOST_DEEDS, to: recipientsOf(word.text) });
        this.#add(`${word.text} pages`, word, { data: HOST_DATA, does: this.#pageDeeds });
      }
    }
  }

  contentScripts(): void {
    const scripts = at(this.#manifest, 'content_scripts');
    if (scripts?.kind !== 'list') return;
    for (const script of scripts.items) {
      const by = textsAt(script, 'js').map(({ text }) => this.#folder + text.replace(/^\.?\//, ''));
      if (by.length > 0) this.#add('content_scripts', script, { data: PAGE_DATA, by });
    }
  }

  others(): void {
    const connectable = at(this.#manifest, 'externally_connectable');
    if (connectable !== undefined) {
      this.#add('externally_connectable', connectable, { does: ['ipc.app'] });
    }
    const policies = [
      ...textsAt(this.#manifest, 'content_security_policy'),
      ...textsAt(this.#manifest, 'content_security_policy', 'extension_pages'),
    ];
    const lax = policies.find(({ text }) => text.includes("'unsafe-eval'"));
    if (lax !== undefined) this.#add('unsafe-eval', lax, { does: ['code.eval'] });
  }

  /** Whether the manifest says anything of data that is collected. */
  dataCollection(): boolean {
    const where = ['browser_specific_settings', 'gecko', 'data_collection_permissions'];
    const words = ['required', 'optional'].flatMap((key) => textsAt(this.#manifest, ...where, key));
    for (const word of words) {
      const row = FIREFOX_DATA[word.text];
      if (row !== undefined) this.#add(word.text, word, { ...row, does: LEAVING });
      else if (word.text === 'none') this.promises.push(nothingLeaves(word));
      else this.unsaid.push({ word: word.text, line: word.line });
    }
    return words.length > 0;
  }

  #add(
    word: string,
    { line, column }: { line: number; column: number },
    said: Partial<Entry>,
  ): void {
    this.entries.push(entryOf(this.#names.of(word), { line, column }, said));
  }
}

function nothingLeaves({ line, column }: Word): Promised {
  const limits = { to: [], by: [], except: [] };
  return { name: 'none', spot: { line, column }, data: SOURCES, does: LEAVING, ...limits };
}

/** `*://*.example.org/*`, `<all_urls>`, `file:///*`: match patterns of WebExtensions. */
function isHostPattern(text: string): boolean {
  return text === '<all_urls>' || /^(?:\*|[a-z-]+):\/\//.test(text);
}

/** A match pattern's host covers the domain as well as what is below it; a scheme of `*` is any. */
function recipientsOf(pattern: string): readonly string[] {
  if (pattern === '<all_urls>') return ['*'];
  const match = /^(\*|[a-z-]+):\/\/([^/]*)(\/.*)?$/.exec(pattern);
  if (match === null || match[2] === '*') return ['*'];
  const scheme = match[1] === '*' ? '' : `${match[1]}://`;
  const path = match[3] === undefined || match[3] === '/*' || match[3] === '/' ? '' : match[3];
  const host = match[2]!;
  const hosts = host.startsWith('*.') ? [host.slice(2), host] : [host];
  return hosts.map((one) => `${scheme}${one}${path}`);
}

/** Writes `permissions`, `host_permissions` and data collection; see the pages for what is lost. */
export function exportChrome(declaration: Declaration): Exported {
  const permissions = new Set<string>();
  const hosts = new Set<string>();
  const data = new Set<string>();
  const lost: string[] = [];
  for (const entry of declaration.entries) {
    if (isPages(entry)) continue;
    const isFlow = entry.data.length > 0 && entry.does.some(isLeaving);
    if (isFlow) {
      const words = wordsFor(FIREFOX_DATA, { data: entry.data });
      if (words === undefined) lost.push(entry.name);
      else for (const word of words) data.add(word);
    } else if (entry.does.length > 0 && entry.does.every((id) => HOSTED.has(id))) {
      const patterns = entry.to.length === 0 ? ['*'] : entry.to;
      for (const pattern of patterns) hosts.add(matchPattern(pattern));
    } else {
      const words = wordsFor(CHROME_PERMISSIONS, entry);
      if (words === undefined) lost.push(entry.name);
      else for (const word of words) permissions.add(word);
    }
  }
  const isNone = declaration.promises.some(
    (promised) => promised.data.length === SOURCES.length && promised.does.length >= LEAVING.length,
  );
  for (const { name, data: of } of declaration.promises) {
    if (of.length !== SOURCES.length) lost.push(name);
  }
  const required = isNone ? ['none'] : [...data];
  const settings = { gecko: { data_collection_permissions: { required } } };
  const manifest = {
    manifest_version: 3,
    permissions: [...permissions],
    host_permissions: [...hosts],
    ...(required.length === 0 ? {} : { browser_specific_settings: settings }),
  };
  return { text: `${JSON.stringify(manifest, undefined, 2)}\n`, lost };
}

/** What comes with a host's permission is not written by itself. */
function isPages({ name, data }: Entry): boolean {
  return / pages(?: \(\d+\))?$/.test(name) && data.join() === HOST_DATA.join();
}

const HOSTED: ReadonlySet<string> = new Set(HOST_DEEDS);

function matchPattern(recipient: string): string {
  if (recipient === '*' || recipient === 'unresolved') return '<all_urls>';
  const [, scheme, host, path] = /^(?:([a-z-]+):\/\/)?([^/]*)(\/.*)?$/.exec(recipient) ?? [];
  return `${scheme ?? '*'}://${host ?? '*'}${path ?? '/*'}`;
}
