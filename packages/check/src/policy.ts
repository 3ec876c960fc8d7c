import { Refused, utf8Bytes, utf8Text } from '@avow/bytes';
import { LocatorRefused, parsePurl, printPurl } from '@avow/locator';
import {
  countField,
  type Fields,
  faultsOf,
  type Json,
  oneOfField,
  type Policy,
  parsePolicy,
  textField,
} from '@avow/log';

/** What must hold of an installed product (docs/formats/policy.md, `avow.policy/1`). */
export interface CheckPolicy {
  readonly schema: 'avow.policy/1';
  /** As the log has it: a purl is written the one way that `printPurl` has. */
  readonly product: string;
  readonly channel: string;
  /** Any maker when absent. */
  readonly maker?: string;
  /** Seconds since a witness last saw the log, above which an answer is stale. */
  readonly maxAge?: number;
  /** Whether a product without a declaration passes; `optional` when absent. */
  readonly declaration?: 'required' | 'optional';
  /** Logs, witnesses and quorum: the text of a C2SP tlog-policy file. */
  readonly trust: Policy;
}

const FIELDS: Fields = {
  schema: oneOfField(['avow.policy/1']),
  product: textField(256),
  channel: textField(64),
  'maker?': textField(256),
  'maxAge?': countField(1),
  'declaration?': oneOfField(['required', 'optional']),
  trust: (value) =>
    Array.isArray(value) && value.every((line) => typeof line === 'string')
      ? undefined
      : 'is not a list of lines',
};

/** Reads a policy file. Refuses `check.policy` with every fault at once. */
export function parseCheckPolicy(bytes: Uint8Array): CheckPolicy {
  let value: Json;
  try {
    value = JSON.parse(utf8Text(bytes) ?? '') as Json;
  } catch {
    throw new Refused('check.policy', undefined, 'not JSON');
  }
  const faults = [...faultsOf(value, FIELDS)];
  const { trust: lines, ...rest } = (value ?? {}) as unknown as CheckPolicy & {
    trust: readonly string[];
  };
  let trust: Policy | undefined;
  try {
    if (Array.isArray(lines)) trust = parsePolicy(utf8Bytes(`${lines.join('\n')}\n`));
    if (trust?.logs.length === 0) faults.push('trust has no log line');
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    faults.push(`trust: ${error.found}`);
  }
  if (faults.length > 0 || trust === undefined) {
    throw new Refused('check.policy', undefined, faults.join('; '));
  }
  return { ...rest, product: loggedName(rest.product), trust };
}

/** People write `pkg:npm/@scope/name`; the log has `pkg:npm/%40scope/name`. Other names stay. */
function loggedName(product: string): string {
  if (!product.startsWith('pkg:')) return product;
  try {
    return printPurl(parsePurl(product.replaceAll('/@', '/%40')));
  } catch (error) {
    if (!(error instanceof LocatorRefused)) throw error;
    throw new Refused('check.policy', undefined, `product: ${error.message}`);
  }
}
