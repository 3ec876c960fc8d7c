// The validator takes seconds to load: once, in this worker, with its basic tests alone.
import { parentPort } from 'node:worker_threads';
import * as tests from '@secvisogram/csaf-validator-lib/basic.js';
import validate from '@secvisogram/csaf-validator-lib/validate.js';

parentPort.on('message', async (document) => {
  const { tests: results } = await validate(Object.values(tests), document);
  const faults = results.flatMap(({ name, errors = [] }) =>
    errors.map(({ message, instancePath }) => `${name} ${instancePath}: ${message}`),
  );
  parentPort.postMessage({ count: results.length, faults });
});
