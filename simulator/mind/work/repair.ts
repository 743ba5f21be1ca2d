import { jsonrepair } from 'jsonrepair';
import { z } from 'zod';
import { readTag, readTags } from '../read-prompt.ts';
import { voiceOf } from '../voice/voice-of.ts';

/** The broken JSON or NDJSON of the prompt, made whole; a line that is beyond help stays out. */
export function repair(message: string): string {
  const broken = stripWrapping(findBroken(message));
  const whole = mend(broken);
  if (whole !== undefined && !/\}\s*\n\s*\{/.test(broken)) return giveDefaults(whole);
  const lines = broken.split('\n').filter((line) => line.includes('{'));
  const mended = lines.map(mend).filter((line) => line !== undefined);
  return mended.length > 0 ? mended.join('\n') : emptyAnswer(message);
}

const asked = z.looseObject({
  questions: z.array(z.union([z.string(), z.looseObject({ question: z.string() })])).min(1),
});

/** A question needs an answer to go on with where nobody gives one. */
function giveDefaults(json: string): string {
  const read = asked.safeParse(JSON.parse(json));
  if (!read.success) return json;
  const questions = read.data.questions.map((item) => {
    const question = typeof item === 'string' ? { question: item } : item;
    const fallback = voiceOf(question.question).questions.at(-1)?.default;
    return { default: fallback, why: '', ...question };
  });
  return JSON.stringify({ ...read.data, questions });
}

/** It stands in a part of its own, or it is all that looks like JSON. */
function findBroken(message: string): string {
  for (const name of ['result', 'candidate', 'input', 'answer', 'broken', 'plan']) {
    const [tag] = readTags(message, name);
    if (tag?.text.includes('{')) return tag.text;
  }
  const problem = readTag(message, 'problem');
  const given = /The text was:\n([\s\S]*)$/.exec(problem)?.[1];
  if (given !== undefined) return given.slice(Math.max(0, given.search(/[{[]/)));
  if (problem.includes('{')) return problem.slice(problem.indexOf('{'));
  const plain = message.replace(/<format>[\s\S]*<\/format>/, '');
  return plain.slice(Math.max(0, plain.indexOf('{')));
}

function stripWrapping(text: string): string {
  return text
    .replace(/<think>[\s\S]*?<\/think>/g, '')
    .replace(/^\s*```\w*\s*$/gm, '')
    .trim();
}

function mend(text: string): string | undefined {
  try {
    // It makes a string of plain words, which is no repair.
    return /[{[]/.test(text) ? JSON.stringify(JSON.parse(jsonrepair(text))) : undefined;
  } catch {
    return undefined;
  }
}

/** Where nothing can be saved: the asked shape with nothing in it, which claims nothing. */
function emptyAnswer(message: string): string {
  const skeleton = readTag(message, 'format')
    .split('\n')
    .find((line) => line.trim().startsWith('{'));
  if (skeleton === undefined) return '{}';
  return skeleton.trim().replace(/\[.*\]/s, '[]');
}
