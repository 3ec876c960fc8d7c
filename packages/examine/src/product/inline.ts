import type { Digest, Why } from '@avow/bytes';
import type { FeatureId } from '@avow/declare';
import { installScripts } from '../manifest/package.ts';
import { MAX_EVIDENCE, oneLine, shortened } from '../observe/one-line.ts';
import type { ModuleReading, Place } from '../observe/reading.ts';
import { isInstalled, startsOf } from './install.ts';
import type { Linker } from './link.ts';
import type { PlacedFeature } from './module.ts';
import type { Manifest } from './survey.ts';

/** Code that stands in a manifest: `"postinstall": "node -e \"…\""`. */
export interface InlineCode {
  /** The manifest's. */
  readonly path: string;
  /** Of the script in the manifest. */
  readonly place: Place;
  /** The script's name. */
  readonly name: string;
  readonly command: string;
  readonly code: string;
}

/** Such code, given to whoever reads modules. */
export interface GivenInline extends InlineCode {
  readonly digest: Digest;
  /** Its place among the tasks that were given. */
  readonly task: number;
}

/** Such code with what it says of itself. */
export interface InlineModule extends GivenInline {
  readonly reading: ModuleReading;
}

/** The code that installation gives to `node -e`, in the order of manifests and scripts. */
export function inlineCodes(manifests: readonly Manifest[]): InlineCode[] {
  const codes: InlineCode[] = [];
  for (const { path, json, places } of manifests) {
    if (!isInstalled(path)) continue;
    for (const { name, command, start, end } of installScripts(json, false)) {
      for (const started of startsOf(command, json)) {
        if (started.kind !== 'code') continue;
        codes.push({ path, place: places.at(start, end), name, command, code: started.text });
      }
    }
  }
  return codes;
}

/** What the code does, at the script's place in the manifest, with the inner place in the evidence. */
export function inlineFeatures(inline: InlineModule, linker: Linker): PlacedFeature[] {
  const { path, place, name, digest, reading } = inline;
  const linked = linker.featuresOf({ path, digest, size: inline.code.length, reading });
  return [...reading.features, ...linked].map((feature) => ({
    ...feature,
    path,
    place,
    evidence: evidenceOf(inline, feature),
    when: feature.when === 'load' ? 'install' : feature.when,
    within: [name, ...feature.within],
  }));
}

function evidenceOf(
  { name, command }: InlineCode,
  { place, evidence }: Pick<PlacedFeature, 'place' | 'evidence'>,
): string {
  const inside = ` → ${place.line}:${place.column} ${shortened(evidence, 80)}`;
  const outside = `"${name}": ${JSON.stringify(oneLine(command))}`;
  return shortened(outside, Math.max(20, MAX_EVIDENCE - inside.length)) + inside;
}

/** What the code does not say, as unknowns of the manifest. */
export function inlineUnknowns({ reading }: InlineModule): {
  readonly feature: FeatureId;
  readonly why: Why;
}[] {
  if (reading.unknowns.length === 0 && reading.why !== undefined) {
    return [{ feature: 'opaque.unanalysed', why: reading.why }];
  }
  return reading.unknowns.map(({ feature, why }) => ({ feature, why }));
}
