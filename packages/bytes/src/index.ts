export { Cursor } from './cursor.ts';
export { type Digest, digestOf } from './digest.ts';
export { Refused, type Why, why } from './refused.ts';
