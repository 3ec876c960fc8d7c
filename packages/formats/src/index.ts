export * from './container/index.ts';
export * from './module/script/index.ts';
/** Values are behind `@avow/formats/record`: their parsers take longer to load than a small product to read. */
export type * from './record/index.ts';
