/** Tables computed from modules, in files of one machine. */
export { readTableFile, type TableColumn, type TableFile, writeTableFile } from './file.ts';
export { MAX_TABLE_BYTES, TableFolder } from './folder.ts';
