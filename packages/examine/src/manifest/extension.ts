import type { FeatureId } from '@avow/declare';
import type { When } from '../result.ts';
import { type JsonNode, jsonAt } from './json.ts';

/** A feature that a manifest alone brings about. */
export interface ManifestFeature {
  readonly feature: FeatureId;
  readonly rule: string;
  readonly recipient: string;
  readonly when: When;
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
        when: 'load',
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
      when: 'load',
      start,
      end,
    });
  }
  return features;
}

/** Activation events that do not wait for what a user does (VS Code, "Activation Events"). */
const AT_START: ReadonlySet<unknown> = new Set(['*', 'onStartupFinished']);

/** The script whose `activate` VS Code calls when it starts; undefined where a user's act is awaited. */
export function startedWithEditor(manifest: JsonNode): string | undefined {
  if (jsonAt(manifest, 'engines', 'vscode') === undefined) return undefined;
  const events = jsonAt(manifest, 'activationEvents')?.items ?? [];
  const main = jsonAt(manifest, 'main')?.value;
  const isAtStart = events.some(({ value }) => AT_START.has(value));
  return isAtStart && typeof main === 'string' ? main : undefined;
}
