import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { errorFields, type Log } from '../../platform/log.ts';

import { writeOpenaiError } from '../../protocol/index.ts';
import { describeProblem, problemMediaType, retryAfterSeconds } from './problem.ts';
import { readFailure } from './read-failure.ts';
import { surfaceOf } from './surface.ts';

/** Answers in the shape of the route's surface. What a stranger threw goes to the log only. */
export function sendFailure(
  log: Log,
  thrown: unknown,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const failure = readFailure(thrown, request.routeOptions.bodyLimit);
  if (failure.status >= 500) logFailure(log, request, failure);
  const retryAfter = retryAfterSeconds(failure);
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  if (failure.status === 401) reply.header('www-authenticate', 'Bearer realm="headrace"');
  reply.code(failure.status);
  return surfaceOf(request.url) === 'openai'
    ? reply.type('application/json').send(writeOpenaiError(failure))
    : reply.type(problemMediaType).send(describeProblem(failure, request.id));
}

function logFailure(log: Log, request: FastifyRequest, failure: HeadraceError): void {
  const level = failure.code === 'internal' ? 'error' : 'warn';
  log[level]('request.failed', {
    request_id: request.id,
    trace_id: request.traceId,
    method: request.method,
    route: request.routeOptions.url ?? null,
    status: failure.status,
    ...errorFields(failure.code === 'internal' ? (failure.cause ?? failure) : failure),
  });
}
