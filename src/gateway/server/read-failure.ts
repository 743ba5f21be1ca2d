import type { FastifyError } from 'fastify';
import type { ErrorCode } from '../../platform/errors/catalogue.ts';
import { HeadraceError, isHeadraceError } from '../../platform/errors/headrace-error.ts';

const codeOfFastify: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_NOT_FOUND: 'not_found',
};

/**
 * Whatever was thrown → what may be shown. A stranger becomes `internal`, its text stays in the log. `bodyLimit`
 * in bytes is the route's, for a body beyond it.
 */
export function readFailure(error: unknown, bodyLimit?: number): HeadraceError {
  if (isHeadraceError(error)) return error;
  const { code = '', statusCode = 500, message = '' } = (error ?? {}) as Partial<FastifyError>;
  const known = codeOfFastify[code];
  if (known === 'body_too_large' && bodyLimit !== undefined) return bodyTooLarge(bodyLimit, error);
  if (known) return new HeadraceError(known, { cause: error });
  // Fastify's own refusals of a request (bad URL, wrong Content-Length) quote nothing internal.
  if (code.startsWith('FST_ERR_') && statusCode >= 400 && statusCode < 500) {
    return new HeadraceError('request_invalid', { message, cause: error });
  }
  return new HeadraceError('internal', { cause: error });
}

/** What fits differs from route to route: a brief with its files, or a context of a million tokens. */
function bodyTooLarge(bodyLimit: number, cause: unknown): HeadraceError {
  const most = `${Math.floor(bodyLimit / (1 << 20))} MiB`;
  return new HeadraceError('body_too_large', {
    message: `The body is larger than the ${most} that this route reads.`,
    cause,
  });
}
