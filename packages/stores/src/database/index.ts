export * from './database.ts';
export { layoutsOf, type PostgresFacts, postgresFacts } from './facts.ts';
export { migrate, type Statement, type Step } from './migrate.ts';
export * from './page.ts';
export * from './search.ts';
