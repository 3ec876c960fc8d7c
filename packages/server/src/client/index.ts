export { nonceFor } from '../contract/work.ts';
export * from './client.ts';
export { followJob } from './follow.ts';
export { handIn } from './upload.ts';
