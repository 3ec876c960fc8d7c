/** The rule database, compiled. */
export { compileRules, type Rules, readRules } from './compile.ts';
