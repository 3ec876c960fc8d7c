export { compareLocators, comparePlaces, compareTargets, equalLocators } from './compare.ts';
export type {
  ContainerPath,
  Guard,
  Locator,
  Place,
  PlaceKind,
  Position,
  Purl,
  Target,
} from './locator.ts';
export { readLoose } from './loose/read.ts';
export {
  type Candidate,
  type Known,
  type LooseReading,
  QUESTIONS,
  type Question,
  type QuestionCode,
} from './loose/reading.ts';
export { type LocatorDraft, MISSING_SAYS, type MissingPart, missingFrom } from './missing.ts';
export { MAX_LOCATOR_LENGTH, normaliseLocator, parseLocator } from './parse.ts';
export { decodePercent, encodeName, encodeSegment } from './percent.ts';
export { printPlace } from './place.ts';
export { printLocator } from './print.ts';
export { normalisePurl, parsePurl, printPurl } from './purl.ts';
export { type LocatorFault, LocatorRefused } from './refused.ts';
export { parseTarget, pathOf, printPath, printTarget } from './target.ts';
