import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { CliDeps } from '../cli-deps.ts';
import { CliError } from '../cli-error.ts';

/**
 * A provider's key: from the named variable of the environment, else typed unseen, else from standard
 * input. Never from the arguments, which other users of the machine can list.
 */
export async function askSecret(
  deps: CliDeps,
  { question, variable }: { question: string; variable: string | undefined },
): Promise<string> {
  const secret = (await readFrom(deps, question, variable)).trim();
  if (secret !== '') return secret;
  throw new CliError('usage', {
    message: variable ? `${variable} is not set, or empty.` : 'No key was given.',
    fix: variable
      ? `Set ${variable}, or leave --secret-env out and be asked.`
      : 'Type it when asked, pipe it in, or name a variable with --secret-env NAME.',
  });
}

async function readFrom(
  deps: CliDeps,
  question: string,
  variable: string | undefined,
): Promise<string> {
  if (variable !== undefined) return deps.readVariable(variable) ?? '';
  if (deps.stdin.isTTY) return typeUnseen(deps, question);
  let text = '';
  for await (const chunk of deps.stdin) text += String(chunk);
  return text;
}

async function typeUnseen(deps: CliDeps, question: string): Promise<string> {
  deps.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: deps.stdin, output: nowhere, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    deps.stderr.write('\n');
  }
}
