import { type FeatureGroup, type FeatureId, VOCABULARY } from '@avow/declare/vocabulary';
import type { Examination, Feature } from '@avow/examine';

/** One feature of a product, in all its places. */
export interface SummaryLine {
  readonly feature: FeatureId;
  /** A verb phrase that follows "this product". */
  readonly says: string;
  /** Distinct; those named in most places first, then by text. */
  readonly recipients: readonly string[];
  readonly places: number;
  /** Places whose recipient the code does not say. */
  readonly unnamed: number;
}

export interface Summary {
  readonly leaves: readonly SummaryLine[];
  readonly reads: readonly SummaryLine[];
  readonly atInstall: readonly SummaryLine[];
  readonly powers: readonly SummaryLine[];
  readonly hides: readonly SummaryLine[];
}

const INSTALL_HOOK: FeatureId = 'install.hook';

export function summaryOf({ features }: Examination): Summary {
  const ofGroup = (group: FeatureGroup) =>
    linesOf(
      features.filter(
        ({ feature }) => VOCABULARY[feature].group === group && feature !== INSTALL_HOOK,
      ),
    );
  return {
    leaves: ofGroup('destination'),
    reads: ofGroup('source'),
    atInstall: installLines(features),
    powers: ofGroup('power'),
    hides: ofGroup('qualifier'),
  };
}

/** What happens at installation: the hook itself, then what is sent and done; how it is encoded is no news here. */
const INSTALL_ORDER: readonly FeatureGroup[] = ['power', 'destination', 'source'];

function installLines(features: readonly Feature[]): SummaryLine[] {
  const lines = linesOf(
    features.filter(({ feature, when }) => when === 'install' || feature === INSTALL_HOOK),
  );
  const hooks = lines.filter(({ feature }) => feature === INSTALL_HOOK);
  const others = lines.filter(({ feature }) => feature !== INSTALL_HOOK);
  return [
    ...hooks,
    ...INSTALL_ORDER.flatMap((group) =>
      others.filter(({ feature }) => VOCABULARY[feature].group === group),
    ),
  ];
}

/** In the order of the vocabulary, which puts what concerns people most first. */
export function byFeature(features: readonly Feature[]): Map<FeatureId, Feature[]> {
  const groups = Map.groupBy(features, ({ feature }) => feature);
  return new Map([...groups].sort(([a], [b]) => VOCABULARY[a].number - VOCABULARY[b].number));
}

function linesOf(features: readonly Feature[]): SummaryLine[] {
  return [...byFeature(features)].map(([feature, places]) => ({
    feature,
    says: VOCABULARY[feature].says,
    recipients: recipientsOf(places),
    places: places.length,
    unnamed: places.filter(({ recipient }) => recipient === undefined).length,
  }));
}

function recipientsOf(features: readonly Feature[]): string[] {
  const counts = new Map<string, number>();
  for (const { recipient } of features) {
    if (recipient !== undefined) counts.set(recipient, (counts.get(recipient) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .map(([recipient]) => recipient);
}
