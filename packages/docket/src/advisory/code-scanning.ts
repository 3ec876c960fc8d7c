import { parseLocator } from '@avow/locator';
import type { JsonObject } from '@avow/log';
import { memberOf } from '../claim/stored.ts';
import { type Advisory, LEVELS } from './advisory.ts';
import { ruleText, uriOf } from './sarif.ts';

/** A file and a line of a maker's repository. */
export interface SourceLine {
  readonly path: string;
  readonly line: number;
}

/** Where a maker declares what the product does, if it is not said. */
export const DECLARATION_LINE: SourceLine = { path: 'avow.yaml', line: 1 };

/**
 * The same advisory for services that scan code (GitHub's upload API, SARIF
 * 2.1.0 subset): they show results at a file and a line and know no addresses,
 * so a place in a script is where it is, and any other stands at the line of
 * the declaration that it is held against, with the locator in its words.
 */
export function codeScanningDocument(
  advisory: Advisory,
  declaration: SourceLine = DECLARATION_LINE,
): JsonObject {
  const { said, outcome, title, summary, locator, id, receipt } = advisory;
  const at = lineOf(advisory) ?? declaration;
  const level = LEVELS[outcome];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Avow',
            semanticVersion: advisory.engine,
            rules: [
              {
                id: said,
                shortDescription: { text: ruleText(advisory) },
                fullDescription: { text: title.slice(0, 1_024) },
                help: { text: `${summary}\n\n${locator}` },
                defaultConfiguration: { level },
              },
            ],
          },
        },
        automationDetails: { id: `avow/${id}/` },
        columnKind: 'utf16CodeUnits',
        results: [
          {
            ruleId: said,
            ruleIndex: 0,
            level,
            message: { text: `${title}. ${summary}\n${locator}` },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: uriOf(at.path), uriBaseId: '%SRCROOT%' },
                  region: { startLine: at.line },
                },
              },
            ],
            partialFingerprints: { 'avow/v1': receipt },
          },
        ],
      },
    ],
  };
}

/** A script's own file and line, where it is no member of a container in the repository. */
function lineOf({ locator }: Advisory): SourceLine | undefined {
  const parsed = parseLocator(locator);
  const path = memberOf(parsed);
  const { place } = parsed;
  return path === undefined || path.includes('!/') || place.kind !== 'line'
    ? undefined
    : { path, line: place.start.line };
}
