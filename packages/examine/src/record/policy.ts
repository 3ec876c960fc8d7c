/**
 * Content security policies that records put on pages (CSP Level 3, 2.2 and
 * 6.7.2). Blockers add such a policy to the page's own, and a browser holds a
 * page to all of them: what shuts anything out protects.
 */

/** Directives that take a list of sources; others (`sandbox`, `upgrade-insecure-requests`) only narrow. */
const SOURCE_LISTS = /^(?:[a-z]+-src(?:-elem|-attr)?|default-src|frame-ancestors|form-action)$/;
/** Of these, lists in which the text of the page itself counts as a source. */
const WITH_INLINE = /^(?:default|script|style)-src/;
const WITH_EVAL = /^(?:default|script)-src/;

/** Whether every directive of a policy lets in any host, `data:`, `blob:` and code in the page's text. */
export function letsEverythingIn(policy: string): boolean {
  const directives = policy.split(/[;,]/).map((text) => text.trim().toLowerCase());
  const written = directives.filter((text) => text !== '');
  return written.length > 0 && written.every(isOpen);
}

function isOpen(directive: string): boolean {
  const [name = '', ...sources] = directive.split(/\s+/);
  const has = (source: string) => sources.includes(source);
  if (!SOURCE_LISTS.test(name)) return false;
  if (!(has('*') || (has('http:') && has('https:')))) return false;
  if (!has('data:') || !has('blob:')) return false;
  // A nonce or a digest switches 'unsafe-inline' off.
  if (sources.some((source) => /^'(?:nonce|sha\d+)-/.test(source))) return false;
  if (WITH_INLINE.test(name) && !has("'unsafe-inline'")) return false;
  return !WITH_EVAL.test(name) || has("'unsafe-eval'");
}

/** Sources that let in nearly anything: what a policy with one of them replaces may have protected more. */
const OPEN_SOURCE =
  /'unsafe-(?:eval|inline|hashes)'|(?:^|[\s;])(?:\*|https?:|data:|blob:)(?=[\s;]|$)/;

/** Whether a policy that stands in the place of the page's own may let in more. */
export function mayLetInMore(policy: string): boolean {
  return OPEN_SOURCE.test(policy);
}
