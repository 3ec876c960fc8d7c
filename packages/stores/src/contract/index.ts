/** What tests of other packages need to run on each engine. */
export {
  type DatabaseTest,
  onEachDatabase,
  onPostgres,
  onSqlite,
  type TestPlace,
} from './each-database.ts';
export { findPostgres, TestPostgres } from './postgres.ts';
export { S3Double, type S3Fault, TEST_CREDENTIALS } from './s3-double.ts';
export { TEST_LOG_KEY, TEST_ORIGIN, testSettings } from './test-log.ts';
