/** Rules in capa's language: an entry of its own, loaded when a folder of them is given. */
export { functionsAround } from './around.ts';
export { type CompiledRules, compileCapaRules } from './match/compile.ts';
export { observeCapaModule } from './module.ts';
export { type CapaOptions, observeCapa } from './observe.ts';
export type { GivenCapa } from './product.ts';
export type { CapaGround, CapaMatch, CapaReading } from './reading.ts';
export { looksLikeCapaRule, type ReadRule, readCapaRule } from './rule/read.ts';
export type { CapaRule, RuleFault } from './rule/rule.ts';
export { type CapaRules, type RuleFile, readCapaRules, type UnsupportedRule } from './rule/set.ts';
export {
  type CapaWords,
  type Doubt,
  doubtOf,
  logicDigest,
  readCapaWords,
  wordOf,
} from './words.ts';
