import type { ConfigProblem } from './config-problem.ts';
import type { Machine } from './machine.ts';

const shape = 'Make one with: openssl rand -base64 32';

/** The 32 bytes that encrypt stored credentials, from the variable or the file it names; `null` where unset. */
export function readSecretKey(
  env: NodeJS.ProcessEnv,
  machine: Machine,
  problems: ConfigProblem[],
): Buffer | null {
  const inline = env['HEADRACE_SECRET_KEY'] || null;
  const path = env['HEADRACE_SECRET_KEY_FILE'] || null;
  if (inline !== null && path !== null) {
    const fix = 'Keep HEADRACE_SECRET_KEY_FILE and unset HEADRACE_SECRET_KEY.';
    problems.push({
      path: ['HEADRACE_SECRET_KEY'],
      wrong: 'is set beside HEADRACE_SECRET_KEY_FILE',
      fix,
    });
    return null;
  }
  if (path !== null) return readKeyFile(path, machine, problems);
  return inline === null ? null : decode(inline, 'HEADRACE_SECRET_KEY', problems);
}

function readKeyFile(path: string, machine: Machine, problems: ConfigProblem[]): Buffer | null {
  const variable = 'HEADRACE_SECRET_KEY_FILE';
  let text: string | null;
  try {
    text = machine.readText(path);
  } catch {
    text = null;
  }
  if (text !== null) return decode(text.trim(), variable, problems);
  problems.push({
    path: [variable],
    wrong: 'names a file that cannot be read',
    fix: 'Name a file that this user may read.',
  });
  return null;
}

function decode(text: string, variable: string, problems: ConfigProblem[]): Buffer | null {
  // Buffer.from skips what is no base64, so a passphrase would become a short, guessable key.
  const key = /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : null;
  if (key?.length === 32) return key;
  problems.push({ path: [variable], wrong: 'is not 32 bytes in base64', fix: shape });
  return null;
}
