export type { UploadRow, UploadState } from './schema.ts';
export * from './uploads.ts';
