import type { Generated } from 'kysely';
import { type Step, searchStep } from '../database/index.ts';

/** What may be asked of a release: public, or seen by its owner and staff. */
export type ReleaseState = 'waiting' | 'examined' | 'refused';

export interface ReleaseRow {
  readonly number: Generated<number>;
  readonly product: number;
  /** `pkg:npm/axios@1.7.2`. */
  readonly target: string;
  readonly version: string;
  readonly digest: string;
  readonly size: number;
  /** Digest of the artifact's bytes, where one is kept. */
  readonly artifact: string | null;
  readonly file: string | null;
  readonly at: string;
  readonly is_public: number;
  /** Account that handed it in. */
  readonly owner: string | null;
  readonly state: ReleaseState;
  /** Why it was refused. */
  readonly why: string | null;
  /** The examination that counts. */
  readonly examination: number | null;
}

export interface ExaminationRow {
  readonly number: Generated<number>;
  readonly release: number;
  /** Digest of the result document, which is kept as an object. */
  readonly document: string;
  readonly engine: string;
  readonly engine_version: string;
  readonly rules: string;
  readonly rules_update: number;
  readonly answer: string;
  readonly coverage: string;
  readonly declaration: string | null;
  readonly modules: number;
  readonly features: number;
  readonly flows: number;
  readonly findings: number;
  readonly unknowns: number;
  readonly at: string;
}

export interface CatalogueTables {
  readonly makers: { readonly id: string; readonly name: string; readonly at: string };
  readonly products: {
    readonly number: Generated<number>;
    /** What its releases have in common: `npm/axios`. */
    readonly name: string;
    readonly maker: string | null;
    readonly at: string;
  };
  readonly releases: ReleaseRow;
  readonly examinations: ExaminationRow;
  readonly modules: {
    readonly examination: number;
    readonly path: string;
    readonly kind: string;
    readonly digest: string;
    readonly size: number;
    readonly state: string;
    readonly why: string | null;
  };
  readonly members: {
    readonly release: number;
    readonly path: string;
    readonly digest: string;
    readonly size: number;
    /** The last part of its path in lower case, by which files are found over all products. */
    readonly name: string;
  };
  readonly features: {
    readonly number: Generated<number>;
    readonly examination: number;
    readonly id: string;
    readonly feature: string;
    readonly locator: string;
    readonly recipient: string | null;
    readonly at_time: string;
    readonly rule: string;
    readonly evidence: string;
    readonly record: string | null;
  };
  readonly flows: {
    readonly number: Generated<number>;
    readonly examination: number;
    readonly id: string;
    readonly source: string;
    readonly destination: string;
    readonly recipient: string | null;
    readonly gate: string | null;
    /** JSON: transforms and hops. */
    readonly way: string;
  };
  readonly findings: {
    readonly number: Generated<number>;
    readonly examination: number;
    readonly id: string;
    readonly kind: string;
    readonly rank: string;
    readonly of_id: string;
    readonly locator: string;
    readonly recipient: string | null;
    /** JSON: the finding as the result document has it. */
    readonly detail: string;
  };
  readonly updates: {
    readonly number: Generated<number>;
    readonly examination: number;
    readonly path: string;
    readonly format: string;
    readonly update_number: string;
    readonly digest: string | null;
    readonly records: number;
    readonly understood: number;
  };
  readonly records: {
    readonly number: Generated<number>;
    readonly update_of: number;
    readonly id: string;
    readonly line: number;
    readonly member: string;
    readonly digest: string;
    readonly text: string;
  };
  readonly declarations: {
    readonly number: Generated<number>;
    readonly product: number;
    /** Of its text, which is kept as an object. */
    readonly digest: string;
    readonly maker: string;
    readonly date: string;
    readonly versions: string;
    readonly by_account: string | null;
    readonly at: string;
  };
}

/** Names of the indexes of words. */
export const FEATURE_WORDS = 'feature_words';
export const RECORD_WORDS = 'record_words';

/** What examinations found, as lists, filters and searches ask for it; the documents themselves are objects. */
export const CATALOGUE_STEPS: readonly Step[] = [
  [
    'CREATE TABLE makers (id {text} PRIMARY KEY, name {text} NOT NULL, at {text} NOT NULL) {strict}',
    `CREATE TABLE products (
       number {counter}, name {text} NOT NULL UNIQUE, maker {text}, at {text} NOT NULL) {strict}`,
    'CREATE INDEX products_by_maker ON products (maker, number)',
    `CREATE TABLE releases (
       number {counter}, product {integer} NOT NULL, target {text} NOT NULL, version {text} NOT NULL,
       digest {text} NOT NULL, size {integer} NOT NULL, artifact {text}, file {text},
       at {text} NOT NULL, is_public {integer} NOT NULL, owner {text}, state {text} NOT NULL,
       why {text}, examination {integer}, UNIQUE (target, digest)) {strict}`,
    'CREATE INDEX releases_by_product ON releases (product, number)',
    'CREATE INDEX releases_by_digest ON releases (digest)',
    'CREATE INDEX releases_by_examination ON releases (examination)',
    `CREATE TABLE examinations (
       number {counter}, release {integer} NOT NULL, document {text} NOT NULL,
       engine {text} NOT NULL, engine_version {text} NOT NULL, rules {text} NOT NULL,
       rules_update {integer} NOT NULL, answer {text} NOT NULL, coverage {text} NOT NULL,
       declaration {text}, modules {integer} NOT NULL, features {integer} NOT NULL,
       flows {integer} NOT NULL, findings {integer} NOT NULL, unknowns {integer} NOT NULL,
       at {text} NOT NULL) {strict}`,
    'CREATE INDEX examinations_by_release ON examinations (release, number)',
    `CREATE TABLE modules (
       examination {integer} NOT NULL, path {text} NOT NULL, kind {text} NOT NULL,
       digest {text} NOT NULL, size {integer} NOT NULL, state {text} NOT NULL, why {text},
       PRIMARY KEY (examination, path)) {strict}`,
    'CREATE INDEX modules_by_digest ON modules (digest)',
    `CREATE TABLE members (
       release {integer} NOT NULL, path {text} NOT NULL, digest {text} NOT NULL,
       size {integer} NOT NULL, PRIMARY KEY (release, path)) {strict}`,
    `CREATE TABLE features (
       number {counter}, examination {integer} NOT NULL, id {text} NOT NULL,
       feature {text} NOT NULL, locator {text} NOT NULL, recipient {text},
       at_time {text} NOT NULL, rule {text} NOT NULL, evidence {text} NOT NULL,
       record {text}) {strict}`,
    'CREATE INDEX features_by_examination ON features (examination, number)',
    'CREATE INDEX features_by_feature ON features (feature, number)',
    'CREATE INDEX features_by_recipient ON features (recipient, number) WHERE recipient IS NOT NULL',
    'CREATE INDEX features_by_id ON features (id, number)',
    `CREATE TABLE flows (
       number {counter}, examination {integer} NOT NULL, id {text} NOT NULL,
       source {text} NOT NULL, destination {text} NOT NULL, recipient {text}, gate {text},
       way {text} NOT NULL) {strict}`,
    'CREATE INDEX flows_by_examination ON flows (examination, number)',
    'CREATE INDEX flows_by_source ON flows (source, number)',
    'CREATE INDEX flows_by_destination ON flows (destination, number)',
    `CREATE TABLE findings (
       number {counter}, examination {integer} NOT NULL, id {text} NOT NULL,
       kind {text} NOT NULL, rank {text} NOT NULL, of_id {text} NOT NULL,
       locator {text} NOT NULL, recipient {text}, detail {text} NOT NULL) {strict}`,
    'CREATE INDEX findings_by_examination ON findings (examination, number)',
    'CREATE INDEX findings_by_rank ON findings (rank, number)',
    `CREATE TABLE updates (
       number {counter}, examination {integer} NOT NULL, path {text} NOT NULL,
       format {text} NOT NULL, update_number {text} NOT NULL, digest {text},
       records {integer} NOT NULL, understood {integer} NOT NULL) {strict}`,
    'CREATE INDEX updates_by_examination ON updates (examination, number)',
    'CREATE INDEX updates_by_format ON updates (format, number)',
    `CREATE TABLE records (
       number {counter}, update_of {integer} NOT NULL, id {text} NOT NULL,
       line {integer} NOT NULL, member {text} NOT NULL, digest {text} NOT NULL,
       text {text} NOT NULL) {strict}`,
    'CREATE INDEX records_by_update ON records (update_of, number)',
    'CREATE INDEX records_by_id ON records (id, number)',
    `CREATE TABLE declarations (
       number {counter}, product {integer} NOT NULL, digest {text} NOT NULL,
       maker {text} NOT NULL, date {text} NOT NULL, versions {text} NOT NULL,
       by_account {text}, at {text} NOT NULL, UNIQUE (product, digest)) {strict}`,
  ],
  searchStep(FEATURE_WORDS),
  searchStep(RECORD_WORDS),
  // Two updates are held against each other in the order of their records' ids.
  ['CREATE INDEX records_by_update_id ON records (update_of, id, number)'],
  [
    "ALTER TABLE members ADD COLUMN name {text} NOT NULL DEFAULT ''",
    // What stands behind the last slash: the path less its longest end without one.
    `UPDATE members
       SET name = lower(replace(path, rtrim(path, replace(path, '/', '')), ''))`,
    'CREATE INDEX members_by_name ON members (name, release, path)',
  ],
];
