import type { FeatureId } from '@avow/declare';
import { type JsonNode, jsonAt } from './json.ts';

/** A feature that a manifest alone brings about. */
export interface ManifestFeature {
  readonly feature: FeatureId;
  readonly rule: string;
  readonly recipient: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What a browser extension's manifest does by itself: content scripts are put
 * into the pages that it names, updates come from where it says. Permissions
 * are what the maker declares, not features; so are VS Code's contributions.
 */
export function extensionFeatures(manifest: JsonNode): ManifestFeature[] {
  if (jsonAt(manifest, 'manifest_version')?.value === undefined) return [];
  const features: ManifestFeature[] = [];
  for (const script of jsonAt(manifest, 'content_scripts')?.items ?? []) {
    const matches = jsonAt(script, 'matches')?.items ?? [];
    for (const { value, start, end } of matches) {
      if (typeof value !== 'string') continue;
      features.push({
        feature: 'code.inject',
        rule: 'engine.content-script',
        recipient: value,
        start,
        end,
      });
    }
  }
  const update = jsonAt(manifest, 'update_url');
  if (typeof update?.value === 'string') {
    const { value: recipient, start, end } = update;
    features.push({
      feature: 'update.self-or-db',
      rule: 'engine.update-url',
      recipient,
      start,
      end,
    });
  }
  return features;
}
