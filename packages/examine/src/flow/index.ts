/** Following data: an entry of its own, loaded when there is some to follow. */
export { followData } from './follow.ts';
export { inputOf, resolved } from './job.ts';
export { parseTask } from './parse.ts';
