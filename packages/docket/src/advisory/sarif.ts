import { type Locator, parseLocator } from '@avow/locator';
import type { JsonObject } from '@avow/log';
import { memberOf } from '../claim/stored.ts';
import { type Advisory, LEVELS, OUTCOME_SAYS } from './advisory.ts';

/**
 * SARIF 2.1.0 of one advisory, with each view of the place that there is: the
 * region in the file, the address relative to the module, and the name that
 * debuggers print (3.32.9, `libscan.so+0x1a2f0`).
 *
 * Rules of the text that the schema does not check: `parentIndex` and
 * `offsetFromParent` stand together; a relative address has a parent, with
 * whose sum it agrees; a region's length is the address's; and a region counts
 * in the innermost of nested artifacts (3.24.3).
 */
export function sarifDocument(advisory: Advisory): JsonObject {
  const locator = parseLocator(advisory.locator);
  const artifacts = artifactsOf(memberOf(locator) ?? advisory.product, advisory);
  const innermost = artifacts.length - 1;
  const { location } = artifacts[innermost] as { location: { uri: string } };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Avow',
            semanticVersion: advisory.engine,
            rules: [{ id: advisory.said, shortDescription: { text: ruleText(advisory) } }],
          },
        },
        columnKind: 'utf16CodeUnits',
        artifacts,
        ...addresses(advisory, location.uri),
        results: [
          {
            ruleId: advisory.said,
            ruleIndex: 0,
            level: LEVELS[advisory.outcome],
            kind: LEVELS[advisory.outcome] === 'none' ? 'informational' : 'fail',
            message: { text: `${advisory.title}. ${advisory.summary}` },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: location.uri, index: innermost },
                  ...placeIn(locator, advisory, location.uri),
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

/** What a result of this rule says, in the words of the verdict. */
export function ruleText({ said, outcome }: Advisory): string {
  return `${said}: ${OUTCOME_SAYS[outcome]}`.slice(0, 255);
}

/** Containers from the outside in, each the parent of the next; the innermost has the digest. */
function artifactsOf(path: string, { module }: Advisory): JsonObject[] {
  const [algorithm = 'sha256', value = ''] = module.digest.split(':');
  const parts = path.split('!/');
  return parts.map((part, index) => ({
    // A member of a container starts at the container's root (3.24.4).
    location: { uri: index === 0 ? uriOf(part) : `/${uriOf(part)}` },
    ...(index === 0 ? {} : { parentIndex: index - 1 }),
    ...(index === parts.length - 1
      ? { hashes: { [algorithm === 'sha256' ? 'sha-256' : algorithm]: value } }
      : {}),
  }));
}

/** A relative reference (RFC 3986, 4.2) that neither climbs nor passes for a scheme. */
export function uriOf(path: string): string {
  return path
    .split('/')
    .map((segment) =>
      /^\.+$/.test(segment)
        ? segment.replaceAll('.', '%2E')
        : encodeURIComponent(segment.toWellFormed()).replaceAll('%40', '@'),
    )
    .join('/');
}

/** The module, as the parent of an address in it. */
function addresses({ views }: Advisory, uri: string): JsonObject {
  if (views?.relativeAddress === undefined) return {};
  return { addresses: [{ fullyQualifiedName: lastOf(uri), kind: 'module' }] };
}

function placeIn({ place }: Locator, { views }: Advisory, uri: string): JsonObject {
  if (place.kind === 'line') {
    const { start, end } = place;
    const region = {
      startLine: start.line,
      ...(start.column === undefined ? {} : { startColumn: start.column }),
      ...(end === undefined ? {} : { endLine: end.line }),
      // Both include their last column here; SARIF's is the one after it (3.30.8).
      ...(end?.column === undefined ? {} : { endColumn: end.column + 1 }),
    };
    return { region };
  }
  const length = 'length' in place ? (place.length ?? 1) : 1;
  const offset = views?.byteOffset ?? (place.kind === 'off' ? Number(place.address) : undefined);
  const address = views?.relativeAddress;
  return {
    ...(offset === undefined || !Number.isSafeInteger(offset)
      ? {}
      : { region: { byteOffset: offset, byteLength: length } }),
    ...(address === undefined
      ? {}
      : {
          address: {
            parentIndex: 0,
            offsetFromParent: address,
            relativeAddress: address,
            length,
            fullyQualifiedName: `${lastOf(uri)}+0x${address.toString(16)}`,
          },
        }),
  };
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
