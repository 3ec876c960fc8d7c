export { type About, aboutRelease, recipientsAt } from './about.ts';
export * from './catalogue.ts';
export type { ListOptions, Viewer } from './conditions.ts';
export * from './lists.ts';
export { CATALOGUE_STEPS, type CatalogueTables, type ReleaseState } from './schema.ts';
