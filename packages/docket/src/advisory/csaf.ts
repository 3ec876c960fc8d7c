import { digestOf } from '@avow/bytes';
import type { Json, JsonObject, Outcome } from '@avow/log';
import { type Advisory, OUTCOME_SAYS, type Publisher } from './advisory.ts';

/**
 * CSAF 2.0 (OASIS, 2022): `csaf_vex` for verdicts that say whether a product is
 * affected, `csaf_informational_advisory` for what is there and declared, for
 * which VEX has no word. The schema takes no keys of our own: the locator
 * stands in a note titled "Locator", and the file's digest in `hashes`.
 */
export function csafDocument(advisory: Advisory, publisher: Publisher): JsonObject {
  const isVex = advisory.outcome !== 'declared';
  return {
    document: {
      category: isVex ? 'csaf_vex' : 'csaf_informational_advisory',
      csaf_version: '2.0',
      distribution: { tlp: { label: 'WHITE', url: 'https://www.first.org/tlp/' } },
      lang: 'en',
      notes: [
        { category: 'summary', title: 'Verdict', text: advisory.summary },
        { category: 'details', title: 'Locator', text: advisory.locator },
        ...(advisory.leaves.length === 0
          ? []
          : [{ category: 'details', title: 'What leaves', text: advisory.leaves.join('\n') }]),
        ...(advisory.gates.length === 0
          ? []
          : [{ category: 'details', title: 'What decides it', text: advisory.gates.join('\n') }]),
      ],
      publisher: {
        category: 'coordinator',
        name: publisher.name,
        namespace: publisher.namespace,
      },
      references: [
        {
          category: 'self',
          summary: 'This document',
          url: `${publisher.base}/white/${csafPath(advisory)}`,
        },
        {
          category: 'external',
          summary: 'How to run it again',
          url: `${publisher.base}/receipts/${advisory.receipt.slice('sha256:'.length)}.json`,
        },
      ],
      title: advisory.title,
      tracking: tracking(advisory),
    },
    product_tree: productTree(advisory, publisher),
    ...(isVex ? { vulnerabilities: [vulnerability(advisory, publisher)] } : {}),
  };
}

/** Section 5.1: lower case, runs of other characters than `+`, `-`, letters and digits made one `_`. */
export function csafFileName(id: string): string {
  return `${id.toLowerCase().replaceAll(/[^+\-a-z0-9]+/g, '_')}.json`;
}

/** In a folder of the year of the first release (requirement 11). */
export function csafPath({ id, revisions }: Advisory): string {
  return `${revisions[0]!.at.slice(0, 4)}/${csafFileName(id)}`;
}

/** A permalink for where a URI is wanted: by the digest of the canonical text (docs/locator.md). */
export function locatorPath({ locator }: Advisory): string {
  return `loc/${digestOf(locator).replace(':', '-')}`;
}

function tracking({ id, revisions, isFinal }: Advisory): JsonObject {
  const history = revisions.map(({ number, at, summary }) => ({
    date: at,
    number: `${number}`,
    summary,
  }));
  return {
    current_release_date: revisions.at(-1)!.at,
    generator: { engine: { name: 'Avow' } },
    id,
    initial_release_date: revisions[0]!.at,
    revision_history: history,
    status: isFinal ? 'final' : 'interim',
    version: `${revisions.length}`,
  };
}

const PRODUCT = 'AVOW-1';

function productIds({ affected }: Advisory): { also: string[]; fixed: string | undefined } {
  const also = affected.also.map((_, index) => `AVOW-${index + 2}`);
  const fixed = affected.fixedIn === undefined ? undefined : `AVOW-${affected.also.length + 2}`;
  return { also, fixed };
}

function productTree(advisory: Advisory, publisher: Publisher): JsonObject {
  const { target, product, version, module, affected } = advisory;
  const { also, fixed } = productIds(advisory);
  const named = (id: string, number: string): JsonObject => ({
    name: `${product} ${number}`,
    product_id: id,
    ...(target.startsWith('pkg:')
      ? { product_identification_helper: { purl: withVersion(target, number) } }
      : {}),
  });
  const [algorithm = 'sha256', value = ''] = module.digest.split(':');
  const hashes = [{ file_hashes: [{ algorithm, value }], filename: module.path || product }];
  return {
    full_product_names: [
      {
        name: `${product} ${version}`,
        product_id: PRODUCT,
        product_identification_helper: {
          hashes,
          ...(target.startsWith('pkg:') ? { purl: target } : {}),
          x_generic_uris: [
            {
              namespace: `${publisher.base}/loc`,
              uri: `${publisher.base}/${locatorPath(advisory)}`,
            },
          ],
        },
      },
      ...also.map((id, index) => named(id, affected.also[index]!)),
      ...(fixed === undefined ? [] : [named(fixed, affected.fixedIn!)]),
    ],
  };
}

/** The same purl with another version; qualifiers stay. */
function withVersion(target: string, version: string): string {
  return target.replace(/@[^?#]*/, `@${encodeURIComponent(version)}`);
}

function vulnerability(advisory: Advisory, publisher: Publisher): JsonObject {
  const { id, summary, locator, said, outcome, parties } = advisory;
  const { also, fixed } = productIds(advisory);
  const affected = [PRODUCT, ...also];
  return {
    ids: [{ system_name: publisher.name, text: id }],
    involvements: parties.map(({ status, at }) => ({ date: at, party: 'vendor', status })),
    notes: [
      { category: 'description', text: `${said}: ${OUTCOME_SAYS[outcome]}. ${summary}` },
      { category: 'details', title: 'Locator', text: locator },
    ],
    title: `${said} at ${locator}`.slice(0, 500),
    ...STATUS[outcome](affected, fixed, summary, advisory),
  };
}

type Status = (
  affected: string[],
  fixed: string | undefined,
  summary: string,
  advisory: Advisory,
) => JsonObject;

const affectedStatus: Status = (affected, fixed, _, advisory) => ({
  product_status: { known_affected: affected, ...(fixed === undefined ? {} : { fixed: [fixed] }) },
  remediations: [
    {
      category: fixed === undefined ? 'mitigation' : 'vendor_fix',
      details: actionFor(advisory),
      product_ids: affected,
    },
  ],
});

const notAffected =
  (label: string): Status =>
  (affected, _, summary) => ({
    flags: [{ label, product_ids: affected }],
    product_status: { known_not_affected: affected },
    threats: [{ category: 'impact', details: summary, product_ids: affected }],
  });

const STATUS: Readonly<Record<Outcome, Status>> = {
  undeclared: affectedStatus,
  contradicts: affectedStatus,
  absent: notAffected('vulnerable_code_not_present'),
  unreachable: notAffected('vulnerable_code_not_in_execute_path'),
  unknown: (affected): { readonly [name: string]: Json } => ({
    product_status: { under_investigation: affected },
  }),
  declared: () => ({}),
};

/** What a user can do: an action statement is mandatory for what is affected. */
export function actionFor({ affected, version }: Advisory): string {
  return affected.fixedIn === undefined
    ? `Hold ${version} back, or keep what it reads and whom it reaches from it, until its maker declares or removes it.`
    : `Go on to ${affected.fixedIn}.`;
}
