import { createInterface } from 'node:readline/promises';
import type { CliDeps } from './cli-deps.ts';

export const yes = /^(y|yes|c|có|co|是)$/i;
export const no = /^(n|no|k|không|khong|否|不)$/i;

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

/** One of a few answers, asked until it is one of them: an Enter typed ahead decides nothing. */
export async function choose<Answer extends string>(
  deps: CliDeps,
  asked: { question: string; answers: Record<Answer, RegExp>; signal: AbortSignal },
): Promise<Answer> {
  const known = Object.entries(asked.answers) as [Answer, RegExp][];
  const names = known.map(([name]) => name).join('/');
  for (;;) {
    const answer = await askPerson(deps, `${asked.question} [${names}] `, asked.signal);
    const meant = known.find(([, pattern]) => pattern.test(answer));
    if (meant) return meant[0];
  }
}

/** Yes or no, asked until it is one of them. */
export async function decide(
  deps: CliDeps,
  question: string,
  signal: AbortSignal,
): Promise<boolean> {
  return (await choose(deps, { question, answers: { yes, no }, signal })) === 'yes';
}

/** Yes or no; no where the answer is empty. */
export async function confirm(deps: CliDeps, question: string): Promise<boolean> {
  return yes.test(await askPerson(deps, `${question} [y/N] `));
}
