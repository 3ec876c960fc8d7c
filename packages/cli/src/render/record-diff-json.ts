import type { ChangedSide, RecordChange, RecordDiff } from '@avow/examine';

/** Of one record's text: enough to see what it is; the whole is in the file that the place names. */
const MAX_RAW = 2_000;

/** The diff of databases as the JSON document has it: every change, raw text of both sides. */
export function recordDiffJson(diff: RecordDiff): unknown {
  return {
    delta: diff.delta,
    totals: diff.totals,
    alarms: diff.alarms,
    databases: diff.databases.map(({ path, format, old, new: now, script, changes }) => ({
      path,
      format,
      old,
      new: now,
      ...(script === undefined ? {} : { script }),
      changes: changes.map(changeJson),
    })),
  };
}

function changeJson({ kinds, rank, old, new: now }: RecordChange): unknown {
  return {
    kinds,
    rank,
    ...(old === undefined ? {} : { old: sideJson(old) }),
    ...(now === undefined ? {} : { new: sideJson(now) }),
  };
}

function sideJson({ record, features }: ChangedSide): unknown {
  const { member, line, offset, id, revision, enabled, raw, digest } = record;
  return {
    member,
    line,
    offset: `0x${offset.toString(16)}`,
    id,
    ...(revision === undefined ? {} : { revision }),
    enabled,
    digest,
    raw: raw.length > MAX_RAW ? `${raw.slice(0, MAX_RAW)}…` : raw,
    features,
  };
}
