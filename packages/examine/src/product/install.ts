import type { FeatureId } from '@avow/declare';
import type { JsonNode } from '../manifest/json.ts';
import { jsonAt } from '../manifest/json.ts';
import {
  type InstallScript,
  installScripts,
  type Started,
  startedBy,
} from '../manifest/package.ts';
import { refined } from '../match/refine.ts';
import type { Places } from '../observe/places.ts';
import type { Rules } from '../rules/compile.ts';
import type { PlacedFeature } from './module.ts';
import type { Resolver } from './resolve.ts';

/** What happens at installation: features of the manifest, and the modules that are started. */
export interface Installation {
  readonly features: readonly PlacedFeature[];
  readonly entries: readonly string[];
}

/** Scripts that start scripts of the same manifest. */
const MAX_SCRIPTS = 32;

export function installationOf(
  path: string,
  manifest: JsonNode,
  places: Places,
  resolver: Resolver,
  rules: Rules,
  hasBindingGyp: boolean,
): Installation {
  const features: PlacedFeature[] = [];
  const entries: string[] = [];
  const folder = path.slice(0, path.length - 'package.json'.length).replace(/\/$/, '');
  for (const script of installScripts(manifest, hasBindingGyp)) {
    const add = (feature: FeatureId, rule: string, recipient = script.command) =>
      features.push({
        path,
        place: places.at(script.start, script.end),
        feature,
        evidence: `"${script.name}": ${JSON.stringify(script.command)}`.slice(0, 200),
        recipient: recipient.slice(0, 200),
        when: 'install',
        rule,
        within: [script.name],
      });
    add('install.hook', 'engine.install-hook');
    for (const { feature, rule, recipient } of commandFeatures(rules, script, manifest))
      add(feature, rule, recipient);
    entries.push(...startedFiles(script.command, manifest, folder, resolver));
  }
  return { features, entries };
}

/**
 * What the commands table says of the line: `curl … | sh`. Code that it gives
 * to node is constant, and examined as a script of its own.
 */
function commandFeatures(rules: Rules, { command }: InstallScript, manifest: JsonNode) {
  const isExamined = startsOf(command, manifest).some(({ kind }) => kind === 'code');
  const asRule = {
    id: 'engine.install-hook',
    feature: 'exec.spawn',
    where: [],
    refine: ['commands'],
  } as const;
  return refined(rules, asRule, command).filter(({ rule, feature }) => {
    return rule !== asRule.id && !(isExamined && feature === 'code.eval');
  });
}

/** Members that a command line starts, through the manifest's own scripts. */
function startedFiles(
  command: string,
  manifest: JsonNode,
  folder: string,
  resolver: Resolver,
): string[] {
  const files: string[] = [];
  for (const started of startsOf(command, manifest)) {
    const path = started.kind === 'file' ? resolver.file(started.path, folder) : undefined;
    if (path !== undefined) files.push(path);
  }
  return files;
}

/** The files and the code that a command line starts, through the manifest's own scripts. */
export function startsOf(
  command: string,
  manifest: JsonNode,
): Exclude<Started, { kind: 'script' }>[] {
  const starts: Exclude<Started, { kind: 'script' }>[] = [];
  const left = [command];
  const seen = new Set<string>();
  for (let line = left.pop(); line !== undefined && seen.size < MAX_SCRIPTS; line = left.pop()) {
    if (seen.has(line)) continue;
    seen.add(line);
    for (const started of startedBy(line)) {
      if (started.kind !== 'script') starts.push(started);
      else {
        const other = jsonAt(manifest, 'scripts', started.name)?.value;
        if (typeof other === 'string') left.push(other);
      }
    }
  }
  return starts;
}

/** Scripts of the product's own manifest run, and those of packages that it brings along. */
export function isInstalled(path: string): boolean {
  return /^(node_modules\/(@[^/]+\/)?[^/]+\/)*package\.json$/.test(path);
}
