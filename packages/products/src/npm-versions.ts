/** How many versions a person is shown. */
const SHOWN = 5;

/**
 * The versions nearest to the one that is not there, as the end of a sentence;
 * empty where npm does not tell them.
 */
export async function nearestVersions(
  spec: string,
  npm: (args: readonly string[]) => Promise<{ readonly output: string }>,
): Promise<string> {
  const at = spec.indexOf('@', 1);
  const [name, wanted] = at < 0 ? [spec, ''] : [spec.slice(0, at), spec.slice(at + 1)];
  const { output } = await npm(['view', '--json', '--', name, 'versions', 'dist-tags']);
  const { versions, 'dist-tags': tags } = viewOf(output);
  if (versions.length === 0) return '';
  const near = around(versions, wanted).join(', ');
  const latest = tags['latest'] === undefined ? '' : `; latest is ${tags['latest']}`;
  return `; near it are ${near}${latest}`;
}

/** Up to five versions about where `wanted` would stand, oldest first. */
export function around(versions: readonly string[], wanted: string): readonly string[] {
  const sorted = [...versions].sort(compareVersions);
  const numbers = /\d[\w.+-]*/.exec(wanted)?.[0];
  const place =
    numbers === undefined
      ? sorted.length
      : sorted.filter((version) => compareVersions(version, numbers) < 0).length;
  const start = Math.max(0, Math.min(place - Math.floor(SHOWN / 2), sorted.length - SHOWN));
  return sorted.slice(start, start + SHOWN);
}

/** By numbers, then releases after their pre-releases (Semantic Versioning 2.0.0, 11), then as text. */
function compareVersions(a: string, b: string): number {
  const [coreA = '', preA] = split(a);
  const [coreB = '', preB] = split(b);
  const [partsA, partsB] = [coreA.split('.').map(Number), coreB.split('.').map(Number)];
  for (let i = 0; i < 3; i++) {
    const difference = (partsA[i] || 0) - (partsB[i] || 0);
    if (difference !== 0) return difference;
  }
  if (preA === preB) return 0;
  if (preA === undefined || preB === undefined) return preA === undefined ? 1 : -1;
  return preA < preB ? -1 : 1;
}

function split(version: string): [string, string | undefined] {
  const [release = ''] = version.split('+');
  const dash = release.indexOf('-');
  return dash < 0 ? [release, undefined] : [release.slice(0, dash), release.slice(dash + 1)];
}

function viewOf(json: string): { versions: string[]; 'dist-tags': Record<string, string> } {
  try {
    const view = JSON.parse(json) as { versions?: unknown; 'dist-tags'?: unknown };
    // One version is printed as itself, not as a list of one.
    const versions = [view.versions ?? []].flat().map(String);
    return { versions, 'dist-tags': { ...(view['dist-tags'] as Record<string, string>) } };
  } catch {
    return { versions: [], 'dist-tags': {} };
  }
}
