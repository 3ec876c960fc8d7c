import type { Entry, Promised } from '../declaration/declaration.ts';
import { alternativesOf, isModule, isRecipient, isWithinAll } from '../declaration/pattern.ts';
import { isNameless, isSource } from '../declaration/words.ts';
import type { Because } from './findings.ts';
import type { FeatureSubject, FlowSubject, Subject } from './subject.ts';

/** In which respects an entry, which names the same features, differs from what was found. */
export function differences(entry: Entry, subject: Subject): readonly Because[] {
  const found: Because[] = [];
  const paths = subject.kind === 'flow' ? subject.paths : [subject.path];
  if (!paths.every((path) => isListed(entry.by, (pattern) => isModule(pattern, path)))) {
    found.push('module');
  }
  if (!isReached(entry, subject)) {
    found.push(subject.recipient === undefined ? 'unresolved' : 'recipient');
  }
  if (subject.kind === 'feature') {
    if (!isListed(entry.when, (moment) => moment === subject.when)) found.push('time');
  } else if (!isGated(entry, subject)) found.push('gate');
  return found;
}

/** Whether the entry names what the subject is; `only` has been looked at before. */
export function isNamed(entry: Entry, subject: Subject): boolean {
  if (subject.kind === 'feature') {
    return entry.data.includes(subject.feature) || entry.does.includes(subject.feature);
  }
  return entry.data.includes(subject.source) && entry.does.includes(subject.destination);
}

/** Whether an entry is for a feature's module and time, whatever its recipients. */
export function isSameScope(entry: Entry, { path, when }: FeatureSubject): boolean {
  return (
    isListed(entry.when, (moment) => moment === when) &&
    isListed(entry.by, (pattern) => isModule(pattern, path))
  );
}

function isReached(entry: Entry, subject: Subject): boolean {
  if (subject.kind === 'flow') {
    const isOrigin = subject.origin === undefined || isWithinAll(entry.from, subject.origin);
    const isFree = subject.recipient === undefined && isNameless(subject.destination);
    if (isFree) return isOrigin;
    return isOrigin && isWithinAll(entry.to, subject.recipient);
  }
  if (subject.recipient === undefined && isNameless(subject.feature)) return true;
  const patterns = isSource(subject.feature) ? entry.from : entry.to;
  return isWithinAll(patterns, subject.recipient);
}

/**
 * A flow's gates all hold together (`env:CI & time`), so any of them is the
 * entry's. `consent:` is the maker's word: no reading of code shows it.
 */
function isGated(entry: Entry, { gate }: FlowSubject): boolean {
  const found = gate?.split(' & ') ?? [];
  return isListed(
    entry.gate,
    (wanted) => wanted.startsWith('consent:') || found.some((one) => isRecipient(wanted, one)),
  );
}

export function isBroken(promised: Promised, subject: Subject): boolean {
  if (subject.ids.every((id) => promised.except.includes(id))) return false;
  const paths = subject.kind === 'flow' ? subject.paths : [subject.path];
  return (
    isDenied(promised, subject) &&
    isListed(promised.to, (pattern) => mayReach(pattern, subject.recipient)) &&
    paths.some((path) => isListed(promised.by, (pattern) => isModule(pattern, path)))
  );
}

/** One of several recipients is enough to break a promise. */
function mayReach(pattern: string, recipient: string | undefined): boolean {
  if (recipient === undefined) return isRecipient(pattern, undefined);
  return alternativesOf(recipient).some((one) => isRecipient(pattern, one));
}

/** Data and deeds together deny flows alone; one of them denies features, and flows that they begin or end. */
function isDenied({ data, does }: Promised, subject: Subject): boolean {
  const isFlow = subject.kind === 'flow';
  const isRead = data.includes(isFlow ? subject.source : subject.feature);
  const isDone = does.includes(isFlow ? subject.destination : subject.feature);
  if (data.length > 0 && does.length > 0) return isFlow && isRead && isDone;
  return isRead || isDone;
}

/** An empty list limits nothing. */
function isListed<T>(list: readonly T[], isRight: (item: T) => boolean): boolean {
  return list.length === 0 || list.some(isRight);
}
