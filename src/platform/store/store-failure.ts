import { HeadraceError } from '../errors/headrace-error.ts';

/** Whether PostgreSQL failed with this SQLSTATE, e.g. `23505` for a duplicate key. */
export function hasSqlState(error: unknown, ...states: readonly string[]): boolean {
  const code = codeOf(error);
  return code !== undefined && states.includes(code);
}

/** Serialization failure and deadlock: PostgreSQL asks for the whole transaction again. */
export function isTransactionConflict(error: unknown): boolean {
  return hasSqlState(error, '40001', '40P01');
}

/** Whether the connection, not the statement, failed. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined && lostStates.test(code)) return true;
  return error instanceof Error && lostMessages.test(error.message);
}

/** The catalogue's error for a lost database or a full disk; every other error comes back as it is. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof HeadraceError) return error;
  if (isDiskFull(error)) return new HeadraceError('store_disk_full', { cause: error });
  if (!isConnectionLoss(error)) return error;
  const reason = error instanceof Error && error.message !== '' ? error.message : codeOf(error);
  return new HeadraceError('store_unavailable', {
    message: `The database does not answer: ${reason}.`,
    cause: error,
  });
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html: class 08 connection, 28 authorization,
// 3D000 no such database, 53300 too many connections, 57P0x shut down or starting; then Node's own codes.
const lostStates =
  /^(08...|28...|3D000|53300|57P0[1-5]|ECONN\w+|EPIPE|ENOENT|EACCES|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
// What pg and pg-pool throw without any code.
const lostMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|The server does not support SSL|SASL)/;

function isDiskFull(error: unknown): boolean {
  if (hasSqlState(error, '53100', 'ENOSPC', 'EDQUOT')) return true;
  return error instanceof Error && /No space left on device/.test(error.message);
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
