import type { FastifyError } from 'fastify';
import type { ErrorCode } from '../../platform/errors/catalogue.ts';
import { HeadraceError, isHeadraceError } from '../../platform/errors/headrace-error.ts';

const codeOfFastify: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_NOT_FOUND: 'not_found',
};

/** Whatever was thrown → what may be shown. A stranger becomes `internal`, its text stays in the log. */
export function readFailure(error: unknown): HeadraceError {
  if (isHeadraceError(error)) return error;
  const { code = '', statusCode = 500, message = '' } = (error ?? {}) as Partial<FastifyError>;
  const known = codeOfFastify[code];
  if (known) return new HeadraceError(known, { cause: error });
  // Fastify's own refusals of a request (bad URL, wrong Content-Length) quote nothing internal.
  if (code.startsWith('FST_ERR_') && statusCode >= 400 && statusCode < 500) {
    return new HeadraceError('request_invalid', { message, cause: error });
  }
  return new HeadraceError('internal', { cause: error });
}
