/** A set-up that cannot go on: one sentence for a person, no stack. The codes are in docs/errors.md. */
export class SetupError extends Error {
  /**
   * @param {string} code a code of the catalogue
   * @param {string} message what happened and what to do, in one sentence
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = 'SetupError';
    this.code = code;
  }
}

/**
 * Names the failures of a file system that a person can mend.
 * @param {unknown} error
 * @param {string} folder the folder in which it happened
 */
export function setupErrorOf(error, folder) {
  if (error instanceof SetupError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new SetupError(
      'setup_read_only',
      `This user may not write to ${folder}, where the packages belong; start once as a user who may, or use a checkout of your own.`,
    );
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new SetupError(
      'setup_disk_full',
      `The disk of ${folder} is full; free some space and start again.`,
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new SetupError('setup_failed', `The set-up in ${folder} failed: ${reason.split('\n')[0]}`);
}
