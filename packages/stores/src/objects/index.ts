export { digestOfFile } from './file-digest.ts';
export { digestName, KeptObjects } from './kept.ts';
export { type ObjectOptions, openObjects } from './open.ts';
export type { S3Credentials } from './s3/settings.ts';
export {
  type ByteRange,
  type Content,
  type ListQuery,
  namesUnder,
  type ObjectStore,
  objectName,
} from './store.ts';
