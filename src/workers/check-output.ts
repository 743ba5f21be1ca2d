import { z } from 'zod';
import type { JsonObject } from '../platform/json.ts';
import { plainWords } from '../platform/plain-words.ts';
import { type CanonicalAnswer, parseModelJson, splitThinking } from '../protocol/index.ts';
import type { Task } from '../queue/index.ts';

export type CheckedOutput =
  | { ok: true; output: string }
  /** `problem` says in one sentence why it cannot be recorded. */
  | { ok: false; problem: string };

const wholeFence = /^(`{3,}|~{3,})[^\n]*\n([\s\S]*?)\n?\1\s*$/;

/** An answer as it is to be recorded; an empty or invalid one is a failure of the call, not an output. */
export function checkOutput(
  task: Pick<Task, 'kind' | 'outputSchema'>,
  answer: Pick<CanonicalAnswer, 'text'>,
): CheckedOutput {
  const plain = answer.text.replaceAll('\r\n', '\n').replaceAll('\0', '');
  // Dependants read what is recorded: thoughts that a host left in the text would be passed on as findings.
  const text = splitThinking(plain).text.trim();
  if (text === '') return { ok: false, problem: 'The answer was empty.' };
  if (task.outputSchema) return checkJson(text, task.outputSchema);
  if (task.kind !== 'file') return { ok: true, output: text };
  const content = wholeFence.exec(text)?.[2] ?? text;
  if (content.trim() === '') return { ok: false, problem: 'The file was empty.' };
  return { ok: true, output: `${content.trimEnd()}\n` };
}

function checkJson(text: string, schema: JsonObject): CheckedOutput {
  const value = readJson(text);
  if (value === undefined) return { ok: false, problem: 'The answer is not JSON.' };
  const found = validate(value, schema);
  return found === null
    ? { ok: true, output: JSON.stringify(value) }
    : { ok: false, problem: `The answer does not match its schema: ${found}` };
}

function readJson(text: string): unknown {
  try {
    return parseModelJson(text).value;
  } catch {
    return undefined;
  }
}

/** The first few violations in words, `null` for none. */
function validate(value: unknown, schema: JsonObject): string | null {
  const compiled = compile(schema);
  // A schema beyond what zod can express was enforced by the provider or by nobody; the judge sees the value.
  if (!compiled) return null;
  const { error } = compiled.safeParse(value, { error: plainWords });
  if (!error) return null;
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`)
    .join('; ');
}

function compile(schema: JsonObject): z.ZodType | null {
  try {
    return z.fromJSONSchema(schema);
  } catch {
    return null;
  }
}
