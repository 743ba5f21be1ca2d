import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Named exactly: releases of this package have been taken over before (1.82.7 and 1.82.8). */
const version = '1.106.2';

/** The real LiteLLM from PyPI, in an environment of its own that stays for the next time. */
export async function installLitellm(
  folder: string,
): Promise<{ program: string; version: string } | { missing: string }> {
  const program = join(folder, 'bin', 'litellm');
  try {
    await access(program).catch(async () => {
      await run('python3', ['-m', 'venv', folder]);
      await run(join(folder, 'bin', 'pip'), ['install', '--quiet', `litellm[proxy]==${version}`]);
    });
    return { program, version };
  } catch (error) {
    return { missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : `${error}` };
  }
}
