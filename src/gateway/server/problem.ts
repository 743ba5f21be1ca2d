import { z } from 'zod';
import { catalogue } from '../../platform/errors/catalogue.ts';
import type { HeadraceError } from '../../platform/errors/headrace-error.ts';

export const problemMediaType = 'application/problem+json';

/** RFC 9457, with our own members: `code` is stable, `retry_after` is in seconds. */
export const problemSchema = z
  .object({
    type: z.string().describe('urn:headrace:error:<code>'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().describe('Stable; see docs/errors.md.'),
    where: z.string().optional().describe('The field, key or file that is wrong.'),
    fix: z.string().describe('What to do.'),
    request_id: z.string(),
    problems: z
      .array(z.object({ where: z.string(), message: z.string(), fix: z.string() }))
      .optional()
      .describe('Everything that is wrong, where it is more than one thing.'),
    retry_after: z.int().optional().describe('Seconds after which a retry can succeed.'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

export function describeProblem(error: HeadraceError, requestId: string): Problem {
  const retryAfter = retryAfterSeconds(error);
  return {
    type: `urn:headrace:error:${error.code}`,
    title: catalogue[error.code].title,
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error.where === undefined ? {} : { where: error.where }),
    fix: error.fix,
    request_id: requestId,
    ...(error.problems.length === 0 ? {} : { problems: [...error.problems] }),
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
  };
}

/** Whole seconds, rounded up: a client that waits them never comes too early. */
export function retryAfterSeconds(error: HeadraceError): number | undefined {
  return error.retryAfterMs === undefined
    ? undefined
    : Math.max(1, Math.ceil(error.retryAfterMs / 1000));
}
