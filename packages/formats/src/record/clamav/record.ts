import { DatabaseRecord, type Literal } from '../record.ts';
import { hexLiterals } from './hex.ts';
import type { ClamShape } from './kinds.ts';

/** One line of a ClamAV database. */
export class ClamRecord extends DatabaseRecord {
  readonly format = 'clamav';
  readonly kind: string;
  readonly shape: ClamShape;
  readonly #nameFrom: number;
  readonly #nameTo: number;

  constructor(
    member: string,
    line: number,
    offset: number,
    source: string,
    kind: string,
    shape: ClamShape,
    nameFrom: number,
    nameTo: number,
  ) {
    super(member, line, offset, source);
    this.kind = kind;
    this.shape = shape;
    this.#nameFrom = nameFrom;
    this.#nameTo = nameTo;
  }

  /** Where the name ends in `source`: what follows is the signature. */
  get nameEnd(): number {
    return this.#nameTo;
  }

  /** The signature's name; `` for phishing lines, which have none. */
  override get id(): string {
    return this.source.slice(this.#nameFrom, this.#nameTo);
  }

  /** Official names end in `-<signature id>-<revision>`. */
  override get revision(): string | undefined {
    return /-\d+-(\d+)$/.exec(this.id)?.[1];
  }

  /** Everything but the name, whose last part is a revision. */
  override get detection(): string {
    return this.source.slice(0, this.#nameFrom) + this.source.slice(this.#nameTo);
  }

  /** The fields of a line of `:` or `;`. */
  fields(): readonly string[] {
    const separator = this.shape === 'logical' || this.shape === 'trust' ? ';' : ':';
    return this.source.split(this.shape === 'password' ? ';' : separator);
  }

  override literals(): readonly Literal[] {
    switch (this.shape) {
      case 'body':
      case 'plain-body':
      case 'logical':
        return [...hexLiterals(this.source.slice(this.#nameTo)), ...this.#regexes()];
      case 'container':
      case 'phishing':
      case 'password':
        return [{ text: this.source, written: 'text' }];
      case 'type':
        return hexLiterals(this.source);
      default:
        return [];
    }
  }

  #regexes(): Literal[] {
    if (this.shape !== 'logical') return [];
    return this.fields()
      .slice(3)
      .flatMap((sub) => {
        const regex = /^[^/]*\/(.+)\/[a-zA-Z]*$/.exec(sub)?.[1];
        return regex === undefined ? [] : [{ text: regex, written: 'regex' as const }];
      });
  }
}
