import { parseTarget } from '@avow/locator';
import type { JsonObject } from '@avow/log';
import type { Advisory, Affected } from './advisory.ts';

/** Ecosystems of the OSV schema (1.7) that a purl type stands for. */
const ECOSYSTEMS: Readonly<Record<string, string>> = {
  npm: 'npm',
  pypi: 'PyPI',
  cargo: 'crates.io',
  nuget: 'NuGet',
  gem: 'RubyGems',
  golang: 'Go',
  maven: 'Maven',
};

/** OSV applies where something is there, and where the product's ecosystem has a name in it. */
export function osvDocument(advisory: Advisory): JsonObject | undefined {
  const { target, outcome, revisions, affected } = advisory;
  const parsed = parseTarget(target);
  const ecosystem = parsed.kind === 'purl' ? ECOSYSTEMS[parsed.purl.type] : undefined;
  if (ecosystem === undefined || parsed.kind !== 'purl') return undefined;
  if (outcome !== 'undeclared' && outcome !== 'contradicts') return undefined;
  const { type, namespace, name } = parsed.purl;
  const separator = type === 'maven' ? ':' : '/';
  const events = rangesOf(advisory).flatMap(({ introduced, fixed }) => [
    { introduced },
    ...(fixed === undefined ? [] : [{ fixed }]),
  ]);
  return {
    schema_version: '1.7.0',
    // A prefix that is not registered begins with `x_` (OSV schema, `id`).
    id: `x_${advisory.id.toUpperCase()}`,
    modified: revisions.at(-1)!.at,
    published: revisions[0]!.at,
    summary: advisory.title,
    details: [advisory.summary, advisory.locator, ...advisory.leaves].join('\n\n'),
    affected: [
      {
        package: {
          ecosystem,
          name: [...namespace, name].join(separator),
          purl: target.replace(/@[^?#]*/, ''),
        },
        versions: [advisory.version, ...affected.also],
        ...(events.length === 0 ? {} : { ranges: [{ type: 'ECOSYSTEM', events }] }),
      },
    ],
  };
}

/** As computed from the stored releases, else what was said of the first without it. */
function rangesOf({ affected, version }: Advisory): NonNullable<Affected['ranges']> {
  const { ranges, fixedIn } = affected;
  return ranges ?? (fixedIn === undefined ? [] : [{ introduced: version, fixed: fixedIn }]);
}
