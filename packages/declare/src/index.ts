export { compare } from './compare/compare.ts';
export {
  type Against,
  BECAUSE,
  type Because,
  type ComparedFinding,
  type Comparison,
  type EntryOutcome,
  type FeatureState,
  type PromiseOutcome,
  RANKS,
  type Rank,
  type Remedy,
} from './compare/findings.ts';
export type {
  FeaturePart,
  FlowPart,
  HopPart,
  ModulePart,
  Parts,
  RecordPart,
} from './compare/parts.ts';
export { modulePath as locatorPath } from './compare/parts.ts';
export type {
  DatabaseEntry,
  Declaration,
  Entry,
  Moment,
  Promised,
  Spot,
} from './declaration/declaration.ts';
export { assertHoldsFor } from './declaration/holds.ts';
export { type Change, changeDeclaration, printDeclaration } from './declaration/print.ts';
export { readDeclaration } from './declaration/read.ts';
export { type DeclarationFault, DeclarationRefused } from './declaration/refused.ts';
export { declarationSchema } from './declaration/schema.ts';
export { compareVersions } from './declaration/versions.ts';
export { type DraftOf, draftDeclaration } from './draft/draft.ts';
export { type Allowed, readAllowed } from './gate/allowed.ts';
export {
  type Gated,
  type GatedFinding,
  type GateRules,
  type GateState,
  gate,
  STOPPING,
} from './gate/gate.ts';
export { chooseDeclaration } from './import/choose.ts';
export {
  exportDeclaration,
  FORM_NAMES,
  importDeclaration,
} from './import/forms.ts';
export type { Exported, Form, Imported } from './import/imported.ts';
export { type OtherWords, otherWords } from './maps.ts';
export {
  RECORD_ACTIONS,
  RECORD_TARGETS,
  type RecordAction,
  type RecordTarget,
} from './record-words.ts';
export {
  ACTION_FEATURES,
  CARRIES,
  type Carries,
  DESTINATION_KINDS,
  type DestinationKind,
  TARGET_FEATURES,
  VISIBILITIES,
  type Visibility,
} from './records.ts';
export {
  type FeatureGroup,
  type FeatureId,
  type FeatureWord,
  isFeatureId,
  VOCABULARY,
} from './vocabulary.ts';
