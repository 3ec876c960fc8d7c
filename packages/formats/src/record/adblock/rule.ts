import { type AnyRule, RuleCategory, RuleParser } from '@adguard/agtree';
import { textOfLatin1 } from '@avow/bytes';
import { DatabaseRecord, type Literal } from '../record.ts';

const OPTIONS = {
  tolerant: false,
  isLocIncluded: false,
  parseAbpSpecificRules: true,
  parseUboSpecificRules: true,
  includeRaws: false,
  ignoreComments: true,
  parseHostRules: false,
} as const;

/** agtree's tree of a filter. Throws agtree's `AdblockSyntaxError`. */
export function treeOf(source: string): AnyRule {
  return RuleParser.parse(textOfLatin1(source), OPTIONS);
}

/** One filter of an adblock list. */
export class AdblockRule extends DatabaseRecord {
  readonly format = 'adblock';
  #tree: AnyRule | undefined;

  constructor(
    member: string,
    line: number,
    offset: number,
    source: string,
    tree: AnyRule | undefined,
  ) {
    super(member, line, offset, source);
    this.#tree = tree;
  }

  /** agtree's tree; undefined where it could not be parsed. */
  get tree(): AnyRule | undefined {
    if (this.#tree === undefined && this.unknown === undefined) this.#tree = treeOf(this.source);
    return this.#tree;
  }

  override light(): AdblockRule {
    if (this.unknown !== undefined) return this;
    return new AdblockRule(this.member, this.line, this.offset, this.source, undefined);
  }

  /** `NetworkRule`, `ElementHidingRule`, `ScriptletInjectionRule`, … */
  override get kind(): string {
    return this.tree?.type ?? 'unknown';
  }

  /** Filters have no identifier: a record is known by its line and digest. */
  override get id(): string {
    return '';
  }

  /** Modifiers and domains in order, so that a re-ordered filter is the same. */
  override get detection(): string {
    const { tree } = this;
    if (tree?.category === RuleCategory.Network && tree.type === 'NetworkRule') {
      if (tree.modifiers === undefined) return this.source;
      const modifiers = tree.modifiers.children.map(({ name, value, exception }) => {
        const list = value?.value.includes('|')
          ? value.value.split('|').sort().join('|')
          : value?.value;
        return `${exception ? '~' : ''}${name.value}${list === undefined ? '' : `=${list}`}`;
      });
      return `${tree.exception ? '@@' : ''}${tree.pattern.value}$${modifiers.sort().join(',')}`;
    }
    const separator = /#[@$?%]*#\+?|#@?[$?]+#|#@?%#|\$@?\$/.exec(this.source);
    if (separator === null || separator.index === 0) return this.source;
    const domains = this.source.slice(0, separator.index).split(',').sort().join(',');
    return domains + this.source.slice(separator.index);
  }

  override literals(): readonly Literal[] {
    return [{ text: this.raw, written: 'text' }];
  }
}
