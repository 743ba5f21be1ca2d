import { CommanderError } from 'commander';
import type { CliDeps } from './cli-deps.ts';
import { explainError } from './cli-error.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';

/** Runs one command and answers its exit code; no stack trace ever reaches the person. */
export async function runCli(deps: CliDeps): Promise<number> {
  let code: number = exitCodes.passed;
  try {
    await createProgram(deps, (reported) => {
      code = reported;
    }).parseAsync([...deps.argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.passed : exitCodes.usage;
    }
    const explained = explainError(error);
    deps.stderr.write(`${explained.text}\n`);
    return explained.code === 'usage' ? exitCodes.usage : exitCodeOf(explained.code);
  }
}
