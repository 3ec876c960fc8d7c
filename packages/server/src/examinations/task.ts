/** What a child is given to examine, and where it puts what it found. */
export interface ExaminationTask {
  /** A file, or `npm:NAME@VERSION`. */
  readonly spec: string;
  /** Empty folder: `result.json`, `members.jsonl`, `records.jsonl`, `artifact`, `files/HEX`. */
  readonly out: string;
  /** Folder of readings that are kept from run to run. */
  readonly cache: string;
  readonly readers: number;
  /** The text of the declaration that it is held to. */
  readonly declaration?: string;
}

/** A line of `members.jsonl`. */
export interface MemberLine {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
}

/** A line of `records.jsonl`: the database by its place in the result document. */
export interface RecordLine {
  readonly database: number;
  readonly id: string;
  readonly line: number;
  readonly member: string;
  readonly digest: string;
  readonly text: string;
}
