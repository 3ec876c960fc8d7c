import { type FeatureGroup, type FeatureId, VOCABULARY } from '@avow/declare';
import type { ReportingDescriptor } from 'sarif';

const HELP: Readonly<Record<FeatureGroup, string>> = {
  source: 'Find out what becomes of what is read: whether it leaves, and to whom.',
  destination: 'Find out what is sent, to whom, and whether the maker says so.',
  power: 'Find out what it is used for, when, and whether the maker says so.',
  qualifier: 'What stands here was not, or not fully, understood: look at it by hand.',
};

/** The features that occur, as SARIF's rules, in the order of their first use. */
export class Rules {
  readonly list: ReportingDescriptor[] = [];
  readonly #indexes = new Map<FeatureId, number>();

  indexOf(feature: FeatureId): number {
    const known = this.#indexes.get(feature);
    if (known !== undefined) return known;
    this.#indexes.set(feature, this.list.length);
    return this.list.push(descriptorOf(feature)) - 1;
  }
}

function descriptorOf(feature: FeatureId): ReportingDescriptor {
  const { says, group } = VOCABULARY[feature];
  const sentence = `The product ${says}.`;
  return {
    id: feature,
    name: nameOf(feature),
    shortDescription: { text: sentence },
    fullDescription: {
      text: `${sentence} Avow names the place and, where the code says so, the recipient.`,
    },
    help: {
      text: `${sentence} ${HELP[group]}`,
      markdown: `**${sentence}**\n\n${HELP[group]}`,
    },
    defaultConfiguration: { level: 'note' },
    properties: { tags: ['security', `avow/${group}`] },
  };
}

/** `net.http` as `NetHttp`: SARIF asks for a name that people can say. */
function nameOf(feature: FeatureId): string {
  return feature
    .split(/[.-]/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}
