import { draftDeclaration } from '@avow/declare';
import { comparedParts, type DeclarationText, type Examination } from '@avow/examine';
import { parsePurl, printPurl } from '@avow/locator';
import { examined, open, seeded } from './examined.ts';
import type { NamedSubject } from './products.ts';

/** What a declaration leaves open, short enough to be read. */
export interface Held {
  readonly product: string;
  readonly source: string;
  readonly answer: string;
  /** `rank kind because features → recipient at path:line (+n)`. */
  readonly findings: readonly string[];
  readonly declared: number;
  readonly outside: number;
  /** `name: state (covers)`. */
  readonly entries: readonly string[];
  readonly promises: readonly string[];
  readonly unsaid: readonly string[];
}

export function heldOf(examination: Examination): Held {
  const { declaration, findings, product, answer } = examination;
  const count = (state: string): number =>
    (declaration?.states ?? []).filter((one) => one.state === state).length;
  return {
    product: product.target,
    source: declaration?.source ?? '',
    answer,
    findings: findings.map(
      ({ rank, kind, because, features = [], recipient, locator = '', also = [] }) => {
        const to = recipient === undefined ? '' : ` → ${recipient}`;
        const place = locator.slice(locator.indexOf('#') + 1).replace(' @line', '');
        const more = also.length === 0 ? '' : ` (+${also.length})`;
        return `${rank} ${kind} ${because} ${features.join('>')}${to} at ${place}${more}`;
      },
    ),
    declared: count('declared'),
    outside: count('outside'),
    entries: (declaration?.entries ?? []).map(
      ({ name, state, covers }) => `${name}: ${state} (${covers})`,
    ),
    promises: (declaration?.promises ?? []).map(({ name, state }) => `${name}: ${state}`),
    unsaid: (declaration?.unsaid ?? []).map(({ word }) => word),
  };
}

/** An extension held to its own manifest. */
export async function extensionHeld(subject: NamedSubject): Promise<Held> {
  return heldOf(await examined(await open(subject)));
}

/** What came of a draft that is accepted as it is, and of one feature more. */
export interface Drafted {
  readonly product: string;
  readonly features: number;
  readonly flows: number;
  readonly entries: number;
  /** Findings and unused entries when the draft is accepted unchanged. */
  readonly findings: number;
  readonly unused: number;
  /** Findings once one feature is added, and where that was. */
  readonly seededAt: string;
  readonly seededFindings: readonly string[];
}

const SEED = "require('node:https').get('https://seeded.example/never-declared');";

export async function drafted(subject: NamedSubject): Promise<Drafted> {
  const product = await open(subject);
  const first = await examined(product);
  const declaration = draftOf(first);
  const accepted = await examined(product, declaration);
  const path = seedablePath(accepted);
  const next = await examined(seeded(product, path, SEED), declaration);
  return {
    product: product.target,
    features: first.features.length,
    flows: first.flows.length,
    entries: accepted.declaration?.entries?.length ?? 0,
    findings: accepted.findings.length,
    unused: (accepted.declaration?.entries ?? []).filter(({ state }) => state !== 'found').length,
    seededAt: path,
    seededFindings: heldOf(next).findings,
  };
}

export function draftOf(examination: Examination): DeclarationText {
  const { version, ...purl } = parsePurl(examination.product.target);
  const product = printPurl({ ...purl, qualifiers: {} });
  const of = { maker: 'M', product, version: version ?? '*', date: '2026-11-23' };
  return {
    source: 'avow.yaml',
    form: 'avow',
    text: draftDeclaration(comparedParts(examination), of),
  };
}

/** The smallest CommonJS module that was read whole. */
function seedablePath({ modules }: Examination): string {
  const scripts = modules
    .filter(
      ({ kind, state, path }) =>
        kind === 'script' && state === 'read' && /(?<!\.min)\.c?js$/.test(path),
    )
    .sort((a, b) => a.size - b.size || (a.path < b.path ? -1 : 1));
  return scripts[0]!.path;
}
