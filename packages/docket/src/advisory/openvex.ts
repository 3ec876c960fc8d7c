import type { JsonObject, Outcome } from '@avow/log';
import type { Advisory, Publisher } from './advisory.ts';
import { actionFor, csafFileName } from './csaf.ts';

/**
 * OpenVEX 0.2.0, or undefined where it has no word: what is there and declared.
 *
 * Each statement names its product by a purl and gives exactly one reason; the
 * stored schema takes a justification or an impact statement, not both.
 */
export function openVexDocument(advisory: Advisory, publisher: Publisher): JsonObject | undefined {
  const status = STATUS[advisory.outcome];
  if (status === undefined) return undefined;
  const { id, target, revisions, affected } = advisory;
  const last = revisions.at(-1)!;
  // A scope of npm is written `%40`, so the first at sign is the version's.
  const versioned = (version: string): string =>
    target.replace(/@[^?#]*/, `@${encodeURIComponent(version)}`);
  const name = csafFileName(id).replace(/\.json$/, '');
  const statement = {
    vulnerability: { name: id.toUpperCase() },
    products: [target, ...affected.also.map(versioned)].map((one) => ({ '@id': one })),
    ...status(advisory),
    timestamp: last.at,
  };
  const fixed =
    affected.fixedIn === undefined
      ? []
      : [
          {
            vulnerability: { name: id.toUpperCase() },
            products: [{ '@id': versioned(affected.fixedIn) }],
            status: 'fixed',
            timestamp: last.at,
          },
        ];
  return {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `${publisher.base}/openvex/${name}.json`,
    author: publisher.name,
    timestamp: revisions[0]!.at,
    last_updated: last.at,
    version: revisions.length,
    statements: [statement, ...fixed],
  };
}

const affectedBy = (advisory: Advisory): JsonObject => ({
  status: 'affected',
  action_statement: actionFor(advisory),
});

const STATUS: Readonly<Partial<Record<Outcome, (advisory: Advisory) => JsonObject>>> = {
  undeclared: affectedBy,
  contradicts: affectedBy,
  absent: () => ({ status: 'not_affected', justification: 'vulnerable_code_not_present' }),
  unreachable: () => ({
    status: 'not_affected',
    justification: 'vulnerable_code_not_in_execute_path',
  }),
  unknown: () => ({ status: 'under_investigation' }),
};
