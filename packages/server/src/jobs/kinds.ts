import type { JobKinds } from '@avow/stores/jobs';

/**
 * Work that is done apart from requests. Every process that opens the queue
 * names the same. Attempts are many, for a worker that is killed takes one: what
 * kills its child ends sooner, by `MAX_DEATHS`.
 */
export const JOB_KINDS = {
  /** Of an upload, a release of a registry, or one that is here, against another declaration. */
  examine: { retries: 10, retrySeconds: 5, leaseSeconds: 60 },
  /** One person's run of a re-check. */
  run: { retries: 10, retrySeconds: 5, leaseSeconds: 60 },
  /** A receipt's re-check, for whoever doubts it. */
  recheck: { retries: 10, retrySeconds: 5, leaseSeconds: 60 },
  /** Two releases or two updates held against each other. */
  diff: { retries: 5, retrySeconds: 5, leaseSeconds: 60 },
  /** What is handed in, held against the products that are here. */
  answer: { retries: 10, retrySeconds: 1, maxRetrySeconds: 60, leaseSeconds: 60 },
  /** All that follows from a publication. */
  publish: { retries: 20, retrySeconds: 2, maxRetrySeconds: 3_600, leaseSeconds: 60 },
  /** One message to one address. */
  deliver: { retries: 9, retrySeconds: 5, maxRetrySeconds: 21_600 },
  /** One mail to one person. */
  mail: { retries: 8, retrySeconds: 10, maxRetrySeconds: 3_600, leaseSeconds: 60 },
} as const satisfies JobKinds;

/** A product whose reading dies so often is not read again. */
export const MAX_DEATHS = 3;
