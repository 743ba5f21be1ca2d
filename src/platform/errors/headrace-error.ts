import { catalogue, type ErrorCode } from './catalogue.ts';

/** One of several things that are wrong at once. */
export interface NamedProblem {
  where: string;
  message: string;
  fix: string;
}

export interface ErrorDetails {
  /** What happened, in one sentence, with the offending value shown safely (never a secret). */
  message?: string;
  /** Where: a configuration key, a file, a field path. */
  where?: string;
  /** What to do; the catalogue's advice where it is omitted. */
  fix?: string;
  /** Milliseconds after which a retry can succeed. */
  retryAfterMs?: number;
  /** Everything that is wrong, where it is more than the message says. */
  problems?: readonly NamedProblem[];
  cause?: unknown;
}

/** Every error that a person or a client can see; `code` is stable and documented in `docs/errors.md`. */
export class HeadraceError extends Error {
  override readonly name = 'HeadraceError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  readonly fix: string;
  readonly where: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly problems: readonly NamedProblem[];

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    const entry = catalogue[code];
    super(details.message ?? entry.title, { cause: details.cause });
    this.code = code;
    this.status = entry.status;
    this.retryable = entry.retryable;
    this.fix = details.fix ?? entry.fix;
    this.where = details.where;
    this.retryAfterMs = details.retryAfterMs;
    this.problems = details.problems ?? [];
  }
}

export function isHeadraceError(value: unknown): value is HeadraceError {
  return value instanceof HeadraceError;
}
