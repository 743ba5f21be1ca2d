import { createInterface } from 'node:readline/promises';
import type { CliDeps } from './cli-deps.ts';

/** Asks on the terminal; an empty answer takes the default. Rejects with the signal's reason when it aborts. */
export async function askPerson(
  deps: CliDeps,
  question: string,
  signal?: AbortSignal,
): Promise<string> {
  const lines = createInterface({ input: deps.stdin, output: deps.stderr });
  try {
    return (await lines.question(question, signal ? { signal } : {})).trim();
  } finally {
    lines.close();
  }
}

/** Yes or no, asked until it is one of them: an Enter typed ahead decides nothing. */
export async function decide(
  deps: CliDeps,
  question: string,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    const answer = await askPerson(deps, `${question} [yes/no] `, signal);
    if (/^(y|yes|c|có|co|是)$/i.test(answer)) return true;
    if (/^(n|no|k|không|khong|否|不)$/i.test(answer)) return false;
  }
}

/** Yes or no; no where the answer is empty. */
export async function confirm(deps: CliDeps, question: string): Promise<boolean> {
  return /^(y|yes|c|có|co|是)$/i.test(await askPerson(deps, `${question} [y/N] `));
}
