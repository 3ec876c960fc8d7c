export * from './advisory/advisory.ts';
export {
  codeScanningDocument,
  DECLARATION_LINE,
  type SourceLine,
} from './advisory/code-scanning.ts';
export { csafDocument, csafFileName, csafPath } from './advisory/csaf.ts';
export { type CaseFile, casePage } from './advisory/export.ts';
export { atomFeed, escaped, jsonFeed } from './advisory/feed.ts';
export { openVexDocument } from './advisory/openvex.ts';
export { osvDocument } from './advisory/osv.ts';
export { providerFiles, type SigningKey } from './advisory/provider.ts';
export * from './advisory/ranges.ts';
export { sarifDocument } from './advisory/sarif.ts';
export { type Checked, checkHanded, type HandedCase, type ReadHanded } from './audit/handed.ts';
export * from './audit/head.ts';
export * from './audit/proof.ts';
export { TWO_CONTENTS } from './case/alarm.ts';
export * from './case/case.ts';
export { type Embargo, isInForce } from './case/embargo.ts';
export { hasTwoRuns, isSameRun } from './case/guards.ts';
export type {
  Evidence,
  Logged,
  Party,
  Proposal,
  Revision,
  Run,
  Statement,
} from './case/parts.ts';
export { recheckAgain } from './claim/again.ts';
export { answerClaim, intakeOf, knownOf } from './claim/answer.ts';
export { brief } from './claim/brief.ts';
export { type Claim, claimAfter, claimOf, type Given } from './claim/claim.ts';
export { recheckContents } from './claim/contents.ts';
export { type DocumentText, MAX_DOCUMENT, readDocument } from './claim/document.ts';
export { type Intake, readClaim } from './claim/intake.ts';
export type { Lack } from './claim/lack.ts';
export type { Nearby } from './claim/meant.ts';
export { namesIn } from './claim/names.ts';
export { isReasonCode, REASONS, type ReasonCode } from './claim/reasons.ts';
export * from './claim/receipt.ts';
export { type Recheck, recheckClaim } from './claim/recheck.ts';
export { type Resolution, resolveClaim } from './claim/resolve.ts';
export { printSaid, readSaid, type Said } from './claim/said.ts';
export * from './claim/stored.ts';
export { Docket } from './docket.ts';
export { refusalsIn } from './event/data.ts';
export * from './event/event.ts';
export type { HandedIn } from './handing-in.ts';
export { HeldStore } from './held-store.ts';
export * from './port.ts';
export { FOLDER_MARK, isFolder, type Shelved } from './shelf.ts';
export * from './states/case-table.ts';
export * from './states/claim-table.ts';
export * from './states/clock.ts';
export { describeMachine, describeRoles } from './states/describe.ts';
export * from './states/due.ts';
export * from './states/embargo-table.ts';
export { isCaseHistory, isClaimHistory } from './states/histories.ts';
export { MACHINES } from './states/machines.ts';
export { type Deadline, type Move, movesFrom, ROLES, type Role } from './states/move.ts';
export { summaryOfCase, summaryOfClaim } from './summary.ts';
