import { Refused } from '@avow/bytes';

/** One fault of a request: where in it, and what. */
export interface Fault {
  /** `body.text`, `query.limit`. */
  readonly at: string;
  readonly says: string;
}

/** A request with everything that is wrong with it. */
export class InvalidRequest extends Refused {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super('request.invalid', undefined, faults.map(({ at, says }) => `${at}: ${says}`).join('; '));
    this.faults = faults;
  }
}

/** An error as the API tells it: problem details (RFC 9457), with our code and its page. */
export interface Problem {
  /** Page of the code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  /** Of the request, as the log has it. */
  readonly request: string;
  readonly faults?: readonly Fault[];
}

type Status = 400 | 401 | 403 | 404 | 405 | 409 | 410 | 412 | 413 | 415 | 422 | 429 | 503 | 507;

/** Codes with a status of their own; any other refusal is 422: understood, and not to be done. */
const STATUS: Readonly<Record<string, Status>> = {
  'access.code': 401,
  'access.credential': 401,
  'access.fresh': 403,
  'account.taken': 409,
  'invitation.wrong': 404,
  'access.sign-in': 401,
  'access.forbidden': 403,
  'access.other-origin': 403,
  'access.scope': 403,
  'access.second-factor': 403,
  'catalogue.absent': 404,
  'database.busy': 503,
  'database.lost': 503,
  'database.text': 400,
  'database.unreachable': 503,
  'docket.absent': 404,
  'docket.answered': 409,
  'docket.conflict': 409,
  'docket.move': 409,
  'docket.role': 403,
  'draft.changed': 409,
  'objects.unreachable': 503,
  'log.none': 404,
  'log.size': 400,
  'mail.none': 409,
  'mail.address': 409,
  'page.cursor': 400,
  'receipt.wrong': 404,
  'request.absent': 404,
  'request.invalid': 400,
  'request.cursor': 400,
  'request.media': 415,
  'request.method': 405,
  'request.stale': 412,
  'request.too-large': 413,
  'request.too-many': 429,
  'server.full': 507,
  'server.stopping': 503,
  'storage.full': 507,
  'upload.offset': 409,
  'upload.too-large': 413,
  'upload.quota': 429,
  'upload.gone': 410,
};

export function problemOf(error: unknown, request: string): Problem {
  if (isFull(error)) {
    return problem('server.full', 507, 'the disk of the server is full', request);
  }
  if (!isRefused(error)) return problem('server.fault', 500, 'a fault of the server', request);
  const faults = error instanceof InvalidRequest ? { faults: error.faults } : {};
  return {
    ...problem(error.code, STATUS[error.code] ?? 422, error.found ?? error.message, request),
    ...faults,
  };
}

function problem(code: string, status: number, detail: string, request: string): Problem {
  return { type: `/codes/${code}`, title: titleOf(code), status, detail, code, request };
}

/** `request.too-large` reads `request: too large`. */
function titleOf(code: string): string {
  return code.replace('.', ': ').replaceAll('-', ' ');
}

/** Packages that list many faults at once have refusals of their own, of the same name. */
function isRefused(error: unknown): error is Refused {
  return error instanceof Error && error.name === 'Refused' && 'code' in error;
}

/** Nothing was written: the disk, or the database on it, has no room. */
function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT' || errcode === SQLITE_FULL || code === '53100';
}

const SQLITE_FULL = 13;
