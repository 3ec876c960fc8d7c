import { RECORD_ACTIONS, RECORD_TARGETS } from '../record-words.ts';
import { MOMENTS } from './declaration.ts';
import {
  DATABASE_FIELDS,
  DATE,
  DECLARATION_FIELDS,
  ENTRY_FIELDS,
  type Fields,
  GATE,
  MAX_WORDS,
  PROMISE_FIELDS,
  PURL,
  type Shape,
} from './fields.ts';
import { MAX_VERSION_PATTERN, VERSION_PATTERN } from './versions.ts';
import { DEEDS, SOURCES, wildcardsOf } from './words.ts';

type Schema = Readonly<Record<string, unknown>>;

const TEXT = { type: 'string', minLength: 1, maxLength: MAX_WORDS } as const;

/**
 * The JSON Schema (draft 2020-12) of a declaration, for editors and other
 * tools. It says what the reader's table says; what a schema cannot say
 * (unique names, contradictions) is the reader's alone.
 */
export function declarationSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'avow-declaration-1',
    title: 'What the maker says that a product does',
    ...objectOf(DECLARATION_FIELDS),
    $defs: {
      entry: { ...objectOf(ENTRY_FIELDS), anyOf: [{ required: ['data'] }, { required: ['does'] }] },
      promise: {
        ...objectOf(PROMISE_FIELDS),
        anyOf: [{ required: ['data'] }, { required: ['does'] }],
      },
      database: objectOf(DATABASE_FIELDS),
      source: { enum: [...SOURCES, ...wildcardsOf(SOURCES)] },
      deed: { enum: [...DEEDS, ...wildcardsOf(DEEDS)] },
    },
  };
}

function objectOf(fields: Fields): Schema {
  const entries = Object.entries(fields);
  const required = entries.filter(([, field]) => field.isRequired === true).map(([name]) => name);
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(
      entries.map(([name, { shape, says }]) => [name, { description: says, ...schemaOf(shape) }]),
    ),
  };
}

function schemaOf(shape: Shape): Schema {
  switch (shape) {
    case 'number-1':
      return { const: 1 };
    case 'text':
      return TEXT;
    case 'texts':
      return oneOrMore(TEXT);
    case 'versions':
      return oneOrMore({
        type: 'string',
        maxLength: MAX_VERSION_PATTERN,
        pattern: VERSION_PATTERN.source,
      });
    case 'purl':
      return { type: 'string', pattern: PURL.source };
    case 'date':
      return { type: 'string', pattern: DATE.source };
    case 'gates':
      return oneOrMore({ type: 'string', pattern: GATE.source });
    case 'sources':
      return oneOrMore({ $ref: '#/$defs/source' });
    case 'deeds':
      return oneOrMore({ $ref: '#/$defs/deed' });
    case 'moments':
      return oneOrMore({ enum: MOMENTS });
    case 'actions':
      return oneOrMore({ enum: Object.keys(RECORD_ACTIONS) });
    case 'targets':
      return oneOrMore({ enum: Object.keys(RECORD_TARGETS) });
    case 'entries':
      return { type: 'array', items: { $ref: '#/$defs/entry' } };
    case 'promises':
      return { type: 'array', items: { $ref: '#/$defs/promise' } };
    case 'databases':
      return { type: 'array', items: { $ref: '#/$defs/database' } };
    default:
      return shape satisfies never;
  }
}

function oneOrMore(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'array', minItems: 1, items: schema }] };
}
