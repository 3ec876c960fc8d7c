import type { RecordAction, RecordTarget } from '../record-words.ts';
import type { FeatureId } from '../vocabulary.ts';

/** What the maker says that a product does (docs/declaration.md). */
export interface Declaration {
  readonly maker: string;
  /** Canonical purl without version. */
  readonly product: string;
  /** Versions and ranges that it holds for; empty when a manifest ships with the product. */
  readonly versions: readonly string[];
  /** ISO 8601 calendar date; absent in imported declarations. */
  readonly date?: string;
  readonly entries: readonly Entry[];
  readonly promises: readonly Promised[];
  readonly databases: readonly DatabaseEntry[];
  /** Where it says what it is for; absent in imported declarations. */
  readonly spots?: { readonly product: Spot; readonly versions: Spot };
  /**
   * What the declaration's form can speak of. Absent: everything. What a form
   * cannot say is not held against it.
   */
  readonly speaksOf?: {
    readonly features: ReadonlySet<FeatureId>;
    /** Whether it tells what data goes where, or only what may be reached. */
    readonly flows: boolean;
  };
}

/** When a feature acts: at installation, when its module loads, when it is called, on a record. */
export type Moment = 'install' | 'load' | 'call' | 'record';

export const MOMENTS: readonly Moment[] = ['install', 'load', 'call', 'record'];

/** Where in the declaration's file something stands; from 1. */
export interface Spot {
  readonly line: number;
  readonly column: number;
}

/** One thing that the product does. An absent field limits nothing. */
export interface Entry {
  /** Unique in the declaration: its `name`, or `entry 3`. */
  readonly name: string;
  readonly spot: Spot;
  /** Sources: whose data is read. */
  readonly data: readonly FeatureId[];
  /** Paths or names that the data is read from. */
  readonly from: readonly string[];
  /** Destinations, powers, qualifiers. With `data`: flows from the one to the other. */
  readonly does: readonly FeatureId[];
  /** Recipients: hosts, URLs, paths, commands, names; `unresolved` for those that no reading can tell. */
  readonly to: readonly string[];
  /** Module paths, with wildcards. */
  readonly by: readonly string[];
  readonly when: readonly Moment[];
  /** `env:NAME`, `setting:NAME`, `remote:HOST`, `record:ID`, `time:…`, `consent:…`. */
  readonly gate: readonly string[];
  /** Those of `data` and `does` that stand there themselves, not by a wildcard. */
  readonly named: ReadonlySet<FeatureId>;
  /** Ids of features or flows that alone are meant. */
  readonly only: readonly string[];
  /** The purpose, for people. */
  readonly for?: string;
  /** How long what was sent is kept, for people. */
  readonly kept?: string;
}

/** What the product never does. Data and deeds together: never sends this there. */
export interface Promised {
  readonly name: string;
  readonly spot: Spot;
  readonly data: readonly FeatureId[];
  readonly does: readonly FeatureId[];
  readonly to: readonly string[];
  readonly by: readonly string[];
  /** Ids of features or flows that it leaves out. */
  readonly except: readonly string[];
}

/** What records of a database may do. An absent field limits nothing. */
export interface DatabaseEntry {
  readonly name: string;
  readonly spot: Spot;
  /** Member paths, with wildcards. */
  readonly database: readonly string[];
  readonly actions: readonly RecordAction[];
  readonly targets: readonly RecordTarget[];
  readonly to: readonly string[];
  /** Ids of records that alone are meant. */
  readonly only: readonly string[];
  readonly for?: string;
}
