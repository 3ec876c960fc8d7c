export * from './database.ts';
export { migrate, type Statement, type Step } from './migrate.ts';
export * from './page.ts';
export * from './search.ts';
