import { HeadraceError } from '../platform/errors/headrace-error.ts';

/** `not_found` of a run; one of another tenant is told no differently. */
export function noSuchRun(runId: string): HeadraceError {
  return new HeadraceError('not_found', {
    message: 'There is no such run, or it is not yours.',
    where: runId,
    fix: './headrace runs list (GET /api/v1/runs) names them.',
  });
}
