import { type Locator, parseLocator, printPlace } from '@avow/locator';
import type { JsonObject } from '@avow/log';
import { memberOf } from '../claim/stored.ts';
import type { Advisory } from './advisory.ts';

/**
 * SARIF 2.1.0 of one advisory: the file by its name and digest, and the place
 * in the view that it was given in. A relative address stands with its parent,
 * the module (section 3.32.9); without one it is not written.
 */
export function sarifDocument(advisory: Advisory): JsonObject {
  const locator = parseLocator(advisory.locator);
  const uri = encodeURI(memberOf(locator) ?? advisory.product);
  const [algorithm = 'sha256', value = ''] = advisory.module.digest.split(':');
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Avow', rules: [{ id: advisory.said }] } },
        columnKind: 'utf16CodeUnits',
        artifacts: [
          {
            location: { uri },
            hashes: { [algorithm === 'sha256' ? 'sha-256' : algorithm]: value },
          },
        ],
        ...addresses(locator, uri),
        results: [
          {
            ruleId: advisory.said,
            level: LEVELS[advisory.outcome],
            kind: LEVELS[advisory.outcome] === 'none' ? 'informational' : 'fail',
            message: { text: `${advisory.title}. ${advisory.summary}` },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri, index: 0 },
                  ...placeIn(locator),
                },
                logicalLocations: [{ fullyQualifiedName: advisory.locator }],
              },
            ],
            partialFingerprints: { 'avow/v1': advisory.receipt },
          },
        ],
      },
    ],
  };
}

const LEVELS = {
  undeclared: 'error',
  contradicts: 'error',
  declared: 'none',
  absent: 'none',
  unreachable: 'none',
  unknown: 'warning',
} as const;

/** The module as the parent of an address in it. */
function addresses({ place }: Locator, uri: string): JsonObject {
  if (place.kind !== 'rva') return {};
  return { addresses: [{ fullyQualifiedName: lastOf(uri), kind: 'module' }] };
}

function placeIn({ place }: Locator): JsonObject {
  switch (place.kind) {
    case 'line': {
      const { start, end } = place;
      const region = {
        startLine: start.line,
        ...(start.column === undefined ? {} : { startColumn: start.column }),
        ...(end === undefined ? {} : { endLine: end.line }),
      };
      return { region };
    }
    case 'off':
      return Number.isSafeInteger(Number(place.address))
        ? { region: { byteOffset: Number(place.address), byteLength: place.length ?? 1 } }
        : {};
    case 'rva':
      return Number.isSafeInteger(Number(place.address))
        ? {
            address: {
              parentIndex: 0,
              offsetFromParent: Number(place.address),
              relativeAddress: Number(place.address),
              fullyQualifiedName: printPlace(place),
            },
          }
        : {};
    default:
      return {};
  }
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
