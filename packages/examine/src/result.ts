import type { Digest, Why } from '@avow/bytes';
import type {
  ComparedFinding,
  EntryOutcome,
  FeatureId,
  FeatureState,
  Form,
  PromiseOutcome,
} from '@avow/declare';
import type { RecordDetail, RecordGroup } from './record/detail.ts';

/** The result document `avow.examination/1`; field names are a contract (docs/result.md). */
export interface Examination {
  readonly schema: 'avow.examination/1';
  readonly engine: { readonly version: string; readonly digest: Digest };
  readonly rules: { readonly update: number; readonly digest: Digest };
  readonly product: { readonly target: string; readonly digest: Digest; readonly size: number };
  readonly modules: readonly ExaminedModule[];
  readonly databases: readonly ExaminedDatabase[];
  readonly features: readonly Feature[];
  readonly flows: readonly Flow[];
  /** Sources that were found, and where no path of them leads; absent where data was not followed. */
  readonly noFlows?: readonly NoFlow[];
  /** Of machine code: sources near destinations. No data was followed there. */
  readonly near?: readonly Near[];
  /** Rules of someone else that were given besides ours, and where they matched. */
  readonly outside?: OutsideRules;
  readonly unknowns: readonly Unknown[];
  /** What the maker says, and what came of each entry; absent in documents of before. */
  readonly declaration?: ExaminedDeclaration;
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  readonly answer: Answer;
}

/** `no-declaration`: features were found, and there is nothing to hold them to. */
export type Answer = 'undeclared' | 'declared' | 'none-found' | 'no-declaration' | 'incomplete';

/** Where the declaration came from, and the state of its entries and of each feature. */
export interface ExaminedDeclaration {
  readonly state: 'none' | 'held' | 'refused';
  /** The file in the product, or the one that was given. */
  readonly source?: string;
  /** `avow`, or the form of the manifest that stands for a declaration. */
  readonly form?: Form | 'avow';
  /** Over the file's text. */
  readonly digest?: Digest;
  readonly date?: string;
  readonly maker?: string;
  readonly entries?: readonly EntryOutcome[];
  readonly promises?: readonly PromiseOutcome[];
  /** Words of a manifest that say nothing in the vocabulary. */
  readonly unsaid?: readonly { readonly word: string; readonly line: number }[];
  /** Of each feature, flow and record, by id: the entries that cover it. */
  readonly states?: readonly {
    readonly of: string;
    readonly state: FeatureState['state'];
    readonly by?: readonly string[];
  }[];
  /** Why it was refused. */
  readonly why?: Why;
}

export interface ExaminedModule {
  readonly path: string;
  readonly kind: 'script' | 'manifest' | 'wasm' | 'elf' | 'pe' | 'macho';
  readonly digest: Digest;
  readonly size: number;
  readonly state: 'read' | 'partly' | 'unread';
  readonly why?: Why;
}

export interface ExaminedDatabase {
  readonly path: string;
  readonly format: string;
  readonly update: string;
  readonly records: number;
  readonly understood: number;
  /** Over the paths and contents of its files: one update number must stand for one digest. */
  readonly digest?: Digest;
  /** Records that are there and switched off. */
  readonly disabled?: number;
  /** What its records do, most confidential first. */
  readonly does?: readonly RecordGroup[];
  /** Digests and signatures that its format has, and what came of each. */
  readonly checks?: readonly DatabaseCheck[];
  /** The file or folder that it is of, where it was given beside the product. */
  readonly beside?: { readonly name: string; readonly target: string; readonly digest: Digest };
}

/** A digest or signature of a database that was held against its bytes. */
export interface DatabaseCheck {
  /** `md5`, `signature` (of the header, of a `.cdiff`), `info`, `members`, `header`, `external` (a `.sign` file). */
  readonly what: string;
  /** `unknown-key`: it is over these bytes, by someone whom no key or root given vouches for. */
  readonly state: 'good' | 'bad' | 'absent' | 'unknown-key';
  readonly says: string;
}

/** When a feature acts: at installation, when its module loads, when it is called, on a record. */
export type When = 'install' | 'load' | 'call' | 'record';

export interface Feature {
  readonly id: string;
  readonly feature: FeatureId;
  readonly locator: string;
  readonly evidence: string;
  readonly recipient?: string;
  readonly when: When;
  /** Record id of the rule that matched. */
  readonly rule: string;
  /** Where the place is a record of a database. */
  readonly record?: RecordDetail;
  /** Of native code: lines of the product's scripts that reach it, as far as they are known. */
  readonly reachedBy?: readonly Reach[];
}

/** A line of a script from which native code is reached. */
export interface Reach {
  /** The property of the native module that it uses; absent where it loads the module. */
  readonly export?: string;
  readonly locator: string;
  readonly evidence: string;
}

export interface Hop {
  readonly role: 'source' | 'step' | 'destination';
  readonly locator: string;
  readonly evidence: string;
}

export interface Flow {
  readonly id: string;
  readonly source: FeatureId;
  readonly destination: FeatureId;
  readonly recipient?: string;
  readonly transforms: readonly string[];
  readonly gate?: string;
  readonly hops: readonly Hop[];
}

/** A source and a destination in one function of machine code, or some calls apart: not a flow of data. */
export interface Near {
  readonly source: FeatureId;
  readonly destination: FeatureId;
  readonly recipient?: string;
  /** Calls between the two functions; 0 in the same function. */
  readonly distance: number;
  /** Locators of the source and of the destination. */
  readonly places: readonly [source: string, destination: string];
}

/** Destinations of one kind: out of the machine, to other processes and parts, to a file, to the clipboard. */
export type DestinationClass = 'network' | 'local' | 'file' | 'clipboard';

/** No path from a source was found to any destination of a class. */
export interface NoFlow {
  readonly source: FeatureId;
  readonly to: DestinationClass;
  /** `not-known` where something was not read, or not followed to its end: then it says nothing. */
  readonly state: 'no-path' | 'not-known';
}

/** A folder of rules in another's language, and what came of each. */
export interface OutsideRules {
  readonly format: 'capa';
  /** Over the paths and texts of its files. */
  readonly digest: Digest;
  /** Of the table that says which namespaces have a word of the vocabulary. */
  readonly words: Digest;
  /** Rules that were read, and those of them that were tried. */
  readonly rules: number;
  readonly tried: number;
  /** Native modules that they were tried on. */
  readonly modules: number;
  readonly matches: readonly OutsideMatch[];
  /** Rules that are known to match what they do not mean, whose matches are set aside. */
  readonly doubtful: readonly {
    readonly rule: string;
    readonly places: number;
    readonly why: string;
  }[];
  /** Matches beyond the limit of places of one rule. */
  readonly left: number;
  /** Rules that ask for what is not computed: not tried, or only by their other alternatives. */
  readonly unsupported: readonly {
    readonly name: string;
    readonly file: string;
    readonly state: 'unsupported' | 'partly';
    readonly lacks: readonly string[];
  }[];
  /** Files that are no rule. */
  readonly faults: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
}

/** Where a rule of someone else matched. */
export interface OutsideMatch {
  readonly rule: string;
  readonly namespace: string;
  readonly scope: string;
  readonly locator: string;
  /** The function around it, by name or by the fingerprint of its code. */
  readonly within?: string;
  /** What it rests on, each with its virtual address. */
  readonly grounds: readonly { readonly what: string; readonly address?: string }[];
  /** Technique ids of ATT&CK and of the Malware Behavior Catalog. */
  readonly attack: readonly string[];
  readonly mbc: readonly string[];
  /** Id of the feature that it is, where its namespace has a word of the vocabulary. */
  readonly feature?: string;
}

export interface Unknown {
  readonly feature: FeatureId;
  readonly locator: string;
  readonly why: Why;
}

export type Rank = 'critical' | 'high' | 'medium' | 'low';

/** A difference from the declaration, ranked, with what would settle it. */
export type Finding = Pick<ComparedFinding, 'id' | 'kind' | 'of' | 'rank'> &
  Partial<Omit<ComparedFinding, 'id' | 'kind' | 'of' | 'rank'>>;

export interface Coverage {
  readonly bytes: number;
  readonly bytesRead: number;
  readonly modules: number;
  readonly modulesRead: number;
  readonly records: number;
  readonly recordsUnderstood: number;
}
