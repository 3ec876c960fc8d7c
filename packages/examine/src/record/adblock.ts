import type { AdblockRule } from '@avow/formats/record';
import type { RecordFeature } from './model.ts';
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
  for (const { name, value } of tree.modifiers.children) {
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

/** Sources that let in nearly anything: a policy with one of them protects less than its name says. */
const OPEN_SOURCE =
  /'unsafe-(?:eval|inline|hashes)'|(?:^|[\s;])(?:\*|https?:|data:|blob:)(?=[\s;]|$)/;

const policies = new Map<string, readonly RecordFeature[]>();

/**
 * A policy put on a page. With open sources in it it is counted as weakening;
 * without, as a change that narrows what the page may load.
 */
function ofPolicy(name: string, value: string): readonly RecordFeature[] {
  const text = value.trim();
  const known = policies.get(`${name}=${text}`);
  if (known !== undefined) return known;
  const isOpen = name === 'csp' && OPEN_SOURCE.test(text);
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
  const weakens =
    /^(?:set-constant|set|trusted-set-constant|abort-|aopr|aopw|acs|acis)/.test(name) &&
    sight.securityNames.has(about);
  const key = weakens ? `${name}(${about})` : name;
  const known = scriptlets.get(key);
  if (known !== undefined) return known;
  const row = sight.scriptlets.get(name);
  const made = [
    feature('page', weakens ? 'weaken' : (row?.action ?? 'inject'), `scriptlet ${key}`, {
      reach: 'domains',
      ...(row?.action === 'send' ? { carries: 'verbatim', destination: 'third-party' } : {}),
    }),
  ];
  if (scriptlets.size < 10_000) scriptlets.set(key, made);
  return made;
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
    feature('page', 'inject', `JavaScript of its own that calls ${call.replace(/\s*\($/, '')}`, {
      reach: 'domains',
      destination: host === undefined ? 'none' : 'third-party',
      ...(host === undefined ? {} : { recipient: host }),
    }),
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
