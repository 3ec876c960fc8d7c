import { readDocument } from '../declaration/document.ts';
import { DATE, type Fields } from '../declaration/fields.ts';
import { FieldsReader } from '../declaration/fields-reader.ts';
import { DeclarationRefused } from '../declaration/refused.ts';

/** A finding that someone answers for, as long as neither the code nor the calendar moves on. */
export interface Allowed {
  /** Id of the feature or flow. */
  readonly feature: string;
  /** SHA-256 of the module at the finding's place. */
  readonly digest: string;
  readonly reason: string;
  readonly author: string;
  /** Last day on which it holds, YYYY-MM-DD. */
  readonly expires: string;
  /** Of the entry in its file, from 1. */
  readonly line: number;
}

const FILE_FIELDS = {
  avow: { shape: 'number-1', isRequired: true, says: 'version of this format' },
  accept: { shape: 'entries', isRequired: true, says: 'the findings that are accepted' },
} as const satisfies Fields;

const ALLOWED_FIELDS = {
  feature: { shape: 'text', isRequired: true, says: 'id of the feature or flow' },
  digest: { shape: 'text', isRequired: true, says: '"sha256:" of the module at its place' },
  reason: { shape: 'text', isRequired: true, says: 'why it is accepted' },
  author: { shape: 'text', isRequired: true, says: 'who answers for it' },
  expires: { shape: 'date', isRequired: true, says: 'last day on which it holds, YYYY-MM-DD' },
} as const satisfies Fields;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Reads accepted findings (docs/ci.md). Refuses as `readDeclaration`, with every fault at its line. */
export function readAllowed(text: string, file = ''): readonly Allowed[] {
  const reader = new FieldsReader();
  const top = reader.fields(readDocument(text, file), FILE_FIELDS);
  const items = top?.accept === undefined ? [] : reader.list(top.accept);
  const allowed = items.map((item): Allowed => {
    const fields = reader.fields(item, ALLOWED_FIELDS) ?? {};
    const text = (value: typeof fields.feature): string =>
      (value === undefined ? undefined : reader.text(value)) ?? '';
    const matching = (value: typeof fields.feature, form: RegExp, expected: string): string =>
      (value === undefined ? [] : reader.matching(value, (one) => form.test(one), expected))[0] ??
      '';
    return {
      feature: text(fields.feature),
      digest: matching(fields.digest, DIGEST, '"sha256:" and 64 hex digits'),
      reason: text(fields.reason),
      author: text(fields.author),
      expires: matching(fields.expires, DATE, 'a day as YYYY-MM-DD'),
      line: item.line,
    };
  });
  const [first, ...others] = reader.faults;
  if (first !== undefined) throw new DeclarationRefused([first, ...others], file);
  return allowed;
}
