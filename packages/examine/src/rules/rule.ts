import type { Digest } from '@avow/bytes';
import type { FeatureId } from '@avow/declare';

/**
 * One record of our rule database: where it matches, there is the feature.
 *
 * A symbol names what an expression stands for, wherever it is written:
 * `node:fs.readFile` (a built-in module's export; `node:` always),
 * `npm:axios.get` (a package's export; `.default` is dropped, so that both
 * module systems give one name), `global:fetch`, `global:navigator.clipboard.readText`
 * (`window`, `self`, `globalThis`, `global`, `top`, `parent`, `frames` are dropped;
 * `browser.` is `chrome.`). `()` stands for what a call or construction gives,
 * awaited or not: `npm:nodemailer.createTransport().sendMail`.
 */
export interface Rule {
  /** Record id, stable for ever: `node.fs.read`. */
  readonly id: string;
  readonly feature: FeatureId;
  /** Symbols called or constructed. */
  readonly call?: readonly string[];
  /** Symbols whose value is read, other than to call it or to go on to a member. A final `.*` is any member. */
  readonly read?: readonly string[];
  /** Symbols assigned to. */
  readonly write?: readonly string[];
  /** Module symbols (`npm:uiohook-napi`) whose import alone is the feature. */
  readonly import?: readonly string[];
  /** All must hold. */
  readonly where?: readonly Condition[];
  readonly recipient?: Recipient;
  /** Tables that may make the feature more specific, or add one, by the recipient's text. */
  readonly refine?: readonly TableName[];
}

/**
 * Where an argument is: `0` the first, `1.headers.host` a property of the
 * second, `-1` the last; `value` what is assigned; `name` the member that a
 * `.*` stood for; `made.0` an argument of the call that made the receiver.
 */
export type ArgumentPath = string;

export interface Condition {
  readonly at: ArgumentPath;
  /** A folded text equals one of these. */
  readonly is?: readonly string[];
  /** A folded text matches (linear-time pattern, anchored nowhere). */
  readonly like?: string;
  /** No text that the argument folds to matches; holds too where it does not fold. */
  readonly unlike?: string;
  /** Holds when the argument is there, or is not. */
  readonly present?: boolean;
}

export interface Recipient {
  readonly kind: 'host' | 'url' | 'path' | 'command' | 'env' | 'name' | 'address';
  /** The first of these that folds to a text. A URL's host where `host` is asked for. */
  readonly from?: readonly ArgumentPath[];
  /** Appended to it with a blank between, a list item by item, as far as they fold: a command's arguments. */
  readonly with?: readonly ArgumentPath[];
  /** Known without looking: the host that a service's SDK speaks to. */
  readonly is?: string;
}

export type TableName = 'paths' | 'hosts' | 'env' | 'commands';

/** One row of a table: a recipient's text decides the feature. */
export interface TableRow {
  /** Record id: `paths.ssh`. */
  readonly id: string;
  readonly table: TableName;
  /** Pattern over the normalised text (paths with `/`, hosts in lower case). */
  readonly like: string;
  readonly feature: FeatureId;
  /** `replaces` the rule's feature, or `adds` one beside it. */
  readonly how: 'replaces' | 'adds';
  /** Only for rules whose feature is one of these; default: any. */
  readonly of?: readonly FeatureId[];
  /** For people: the service or thing named. */
  readonly name?: string;
  /** `host`: the row's feature is told with the hosts of the command's URLs, not with the command. */
  readonly recipient?: 'host';
}

/** The rule database as built: `rules/update.json`. Records are in id order. */
export interface RuleUpdate {
  readonly schema: 'avow.rules/1';
  readonly update: number;
  readonly date: string;
  /** Of the canonical JSON (keys sorted, no blanks) of `{ builtins, rules, tables }`. */
  readonly digest: Digest;
  /**
   * Names by which Node's built-in modules are had without `node:`, sorted: the
   * running Node is never asked. `sqlite` and `test` are not among them.
   */
  readonly builtins: readonly string[];
  readonly rules: readonly Rule[];
  readonly tables: readonly TableRow[];
}
