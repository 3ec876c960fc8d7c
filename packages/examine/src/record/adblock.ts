import type { AdblockRule } from '@avow/formats/record';
import type { RecordFeature } from './model.ts';
import { letsEverythingIn } from './policy.ts';
import type { Sight } from './sight.ts';

function feature(
  target: RecordFeature['target'],
  action: RecordFeature['action'],
  decided: string,
  more: Partial<RecordFeature> = {},
): RecordFeature {
  return {
    target,
    action,
    visibility: 'silent',
    destination: 'none',
    reach: 'all',
    decided: [decided],
    ...more,
  };
}

const BLOCK = [feature('browsing', 'block', 'pattern', { visibility: 'logged' })];
const ALLOW = [feature('browsing', 'suppress', '@@')];
const HIDE = [feature('page', 'rewrite', 'element hiding', { reach: 'domains' })];
const HIDE_ALL = [feature('page', 'rewrite', 'element hiding')];
const SHOW = [feature('page', 'suppress', 'exception of a cosmetic rule', { reach: 'domains' })];
const HTML = [feature('page', 'rewrite', 'HTML filtering', { reach: 'domains' })];
const UNKNOWN = [feature('undisclosed', 'undisclosed', 'a syntax that was not read')];

/** Modifiers that narrow or name requests and change nothing about the action. */
const REFINES: Readonly<Record<string, readonly RecordFeature[]>> = {
  redirect: [feature('browsing', 'rewrite', 'redirect: to a resource of the blocker')],
  'redirect-rule': [feature('browsing', 'rewrite', 'redirect-rule: to a resource of the blocker')],
  rewrite: [feature('browsing', 'rewrite', 'rewrite: to a resource of the blocker')],
  removeparam: [feature('browsing', 'rewrite', 'removeparam')],
  queryprune: [feature('browsing', 'rewrite', 'queryprune')],
  badfilter: [feature('browsing', 'suppress', 'badfilter')],
  cookie: [feature('browsing', 'rewrite', 'cookie')],
  hls: [feature('page', 'rewrite', 'hls')],
  jsonprune: [feature('page', 'rewrite', 'jsonprune')],
  xmlprune: [feature('page', 'rewrite', 'xmlprune')],
  empty: [feature('browsing', 'rewrite', 'empty')],
  mp4: [feature('browsing', 'rewrite', 'mp4')],
  referrerpolicy: [feature('browsing', 'rewrite', 'referrerpolicy')],
  uritransform: [
    feature('browsing', 'rewrite', 'uritransform', {
      label: 'changes the address inside the browser',
    }),
  ],
  urlskip: [
    feature('browsing', 'send', 'urlskip', {
      carries: 'name',
      label: 'goes to the address that the link itself carries, past the tracker',
    }),
  ],
  replace: [feature('page', 'inject', 'replace: changes what a response holds')],
};

/** What a filter does to the one who browses. */
export function adblockFeatures(rule: AdblockRule, sight: Sight): readonly RecordFeature[] {
  const { tree } = rule;
  if (tree === undefined) return UNKNOWN;
  switch (tree.type) {
    case 'NetworkRule':
      return ofNetwork(tree, sight);
    case 'ElementHidingRule':
      if (tree.exception) return SHOW;
      return tree.domains.children.length === 0 ? HIDE_ALL : HIDE;
    case 'CssInjectionRule':
      return tree.exception ? SHOW : ofCss(rule);
    case 'HtmlFilteringRule':
      return tree.exception ? SHOW : HTML;
    case 'ScriptletInjectionRule':
      return tree.exception ? SHOW : ofScriptlet(tree, sight);
    case 'JsInjectionRule':
      return tree.exception ? SHOW : ofScript(rule);
    default:
      return UNKNOWN;
  }
}

type Tree = NonNullable<AdblockRule['tree']>;
type Network = Extract<Tree, { type: 'NetworkRule' }>;

function ofNetwork(tree: Network, sight: Sight): readonly RecordFeature[] {
  if (tree.modifiers === undefined) return tree.exception ? ALLOW : BLOCK;
  const modifiers = tree.modifiers.children;
  // What it switches off, it does not do.
  if (modifiers.some(({ name }) => name.value === 'badfilter')) return REFINES['badfilter']!;
  for (const { name, value } of modifiers) {
    const refined = Object.hasOwn(REFINES, name.value) ? REFINES[name.value] : undefined;
    if (tree.exception && (refined !== undefined || POLICY.has(name.value))) return ALLOW;
    if (refined !== undefined) return refined;
    if (name.value === 'csp' || name.value === 'permissions')
      return ofPolicy(name.value, value?.value ?? '');
    if (name.value === 'removeheader') return ofHeader(value?.value ?? '', sight);
  }
  return tree.exception ? ALLOW : BLOCK;
}

const POLICY = new Set(['csp', 'permissions', 'removeheader']);

const policies = new Map<string, readonly RecordFeature[]>();

/**
 * A policy added to a page's own. One that lets everything in is counted as
 * weakening, for it is no policy; any other narrows what the page may load.
 */
function ofPolicy(name: string, value: string): readonly RecordFeature[] {
  const text = value.trim();
  const known = policies.get(`${name}=${text}`);
  if (known !== undefined) return known;
  const isOpen = name === 'csp' && letsEverythingIn(text);
  const made = [
    isOpen
      ? feature('page', 'weaken', `csp=${text}`)
      : feature('page', 'rewrite', `${name}=${text}`, {
          label: 'narrows what the page may load or do',
        }),
  ];
  if (policies.size < 10_000) policies.set(`${name}=${text}`, made);
  return made;
}

function ofHeader(value: string, sight: Sight): readonly RecordFeature[] {
  const name = value.replace(/^request:/, '').toLowerCase();
  const weakens = !value.startsWith('request:') && sight.securityHeaders.has(name);
  return [
    feature(weakens ? 'page' : 'browsing', weakens ? 'weaken' : 'rewrite', `removeheader=${value}`),
  ];
}

function ofCss(rule: AdblockRule): readonly RecordFeature[] {
  const url = /url\(\s*["']?((?:https?:)?\/\/[^"')\s]+)/i.exec(rule.raw)?.[1];
  if (url === undefined) return HIDE;
  return [
    feature('browsing', 'send', 'CSS url()', {
      destination: 'third-party',
      carries: 'name',
      recipient: hostOf(url),
      reach: 'domains',
    }),
  ];
}

type Scriptlet = Extract<Tree, { type: 'ScriptletInjectionRule' }>;

const scriptlets = new Map<string, readonly RecordFeature[]>();

function ofScriptlet(tree: Scriptlet, sight: Sight): readonly RecordFeature[] {
  const lists = tree.body.children;
  if (lists.length === 0) return SHOW;
  const [first, second] = lists[0]!.children;
  const name = unquoted(first?.value ?? '')
    .replace(/\.js$/, '')
    .replace(/^(?:ubo|abp)-/, '');
  const about = unquoted(second?.value ?? '').toLowerCase();
  const row = rowOf(name, lists[0]!.children, sight);
  const weakens =
    /^(?:set-constant|set|trusted-set-constant|abort-|aopr|aopw|acs|acis)/.test(name) &&
    sight.securityNames.has(about);
  const key = weakens ? `${name}(${about})` : `${name}${row?.decided ?? ''}`;
  const known = scriptlets.get(key);
  if (known !== undefined) return known;
  const { action = 'inject', recipient, label } = row ?? {};
  const made = [
    feature('page', weakens ? 'weaken' : action, `scriptlet ${key}`, {
      reach: 'domains',
      ...(recipient === undefined
        ? {}
        : { carries: 'verbatim', destination: 'third-party', recipient }),
      ...(label === undefined ? {} : { label }),
    }),
  ];
  if (scriptlets.size < 10_000) scriptlets.set(key, made);
  return made;
}

interface ScriptletDeed {
  readonly action: RecordFeature['action'];
  /** What of its arguments decided it. */
  readonly decided?: string;
  readonly recipient?: string;
  readonly label?: string;
}

type Arguments = readonly ({ readonly value: string } | null)[];

/**
 * What a scriptlet does, by its name and what its arguments leave of it: one
 * that could send sends only where it names a host, one that could set any
 * cookie does no more than others where it clears it or sets a plain answer.
 */
function rowOf(name: string, args: Arguments, sight: Sight): ScriptletDeed | undefined {
  const row = sight.scriptlets.get(name);
  if (row === undefined) return undefined;
  const texts = args.slice(1).map((one) => unquoted(one?.value ?? ''));
  if (row.id === 'scriptlet.outbound') {
    const host = putInto(name, texts).map((text) => PUT_HOST.exec(text)?.[1])[0];
    return host === undefined
      ? { action: 'rewrite', label: 'changes what the page itself sends, and where is not changed' }
      : { action: 'send', decided: ` → ${host}`, recipient: host.toLowerCase() };
  }
  if (row.id === 'scriptlet.cookie' && isPlain(texts[1] ?? '', sight))
    return { action: 'rewrite', decided: `, value "${(texts[1] ?? '').slice(0, 20)}"` };
  return { action: row.action };
}

/** The argument that says what is put in: the third of those that replace texts, else the query, `.url="…"`. */
function putInto(name: string, texts: readonly string[]): readonly string[] {
  if (name.includes('replace')) return texts.slice(2, 3);
  return texts.filter((text) => text.startsWith('.') && text.includes('=')).slice(0, 1);
}

/** An address put into what is sent: after `=`, or as a text of its own. */
const PUT_HOST = /(?:^|=\s*["']?)(?:https?:)?\/\/([\w-]+(?:\.[\w-]+)+)/i;

function isPlain(value: string, sight: Sight): boolean {
  return (
    value.trim() === '' || /^\d{1,5}$/.test(value) || sight.plainValues.has(value.toLowerCase())
  );
}

/** Calls by which a script of a filter could send. */
const SENDS = /\b(?:fetch|sendBeacon|XMLHttpRequest|WebSocket|EventSource|importScripts)\s*\(/;

function ofScript(rule: AdblockRule): readonly RecordFeature[] {
  const text = rule.raw;
  const call = SENDS.exec(text)?.[0];
  const host = /https?:\/\/([\w.-]+)/.exec(text)?.[1];
  if (call === undefined)
    return [feature('page', 'inject', 'JavaScript of its own', { reach: 'domains' })];
  return [
    feature(
      'page',
      'inject',
      `JavaScript of its own that calls ${call.replace(/\($/, '').trimEnd()}`,
      {
        reach: 'domains',
        destination: host === undefined ? 'none' : 'third-party',
        ...(host === undefined ? {} : { recipient: host }),
      },
    ),
  ];
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/s, '$2');
}

export function hostOf(url: string): string {
  return (
    /^(?:[a-z]+:)?\/\/(?:[^@/]*@)?([^/:?#]+)/i.exec(url)?.[1]?.toLowerCase() ?? url.slice(0, 80)
  );
}
