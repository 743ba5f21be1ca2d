import type { Demand } from '../wire/wire.ts';
import type { Ask } from './ask.ts';
import { chat } from './chat.ts';
import { clarify } from './plan/clarify.ts';
import { writePlan } from './plan/write-plan.ts';
import { type Role, readPrompt } from './read-prompt.ts';
import { fillSchema } from './schema/fill-schema.ts';
import { fitsSchema } from './schema/fits-schema.ts';
import { compareCandidates } from './verdict/compare-candidates.ts';
import { judge } from './verdict/judge.ts';
import { mergeTexts } from './work/merge-texts.ts';
import { repair } from './work/repair.ts';
import { writeAnswer } from './work/write-answer.ts';

type Thinker = (ask: Ask, message: string) => string;

const thinkers: Record<Role, Thinker> = {
  clarifier: (_ask, message) => clarify(message),
  planner: (ask, message) => writePlan(ask.seed, message),
  worker: writeAnswer,
  comparer: (_ask, message) => compareCandidates(message),
  panel: (_ask, message) => compareCandidates(message),
  merger: mergeTexts,
  judge: (_ask, message) => judge(message),
  repairer: (_ask, message) => repair(message),
};

/** What the simulated model answers: by the role in the prompt, else as an ordinary chat. */
export function think(ask: Ask): string {
  const { role, message } = readPrompt(ask.turns);
  const text = role ? thinkers[role](ask, message) : chat(ask, message);
  return shape(ask.demand, text, message);
}

/** A demanded shape goes before content: an answer that has it stays, else an instance is made of its words. */
function shape(demand: Demand, text: string, message: string): string {
  if (demand.kind === 'text') return text;
  const value = parse(text);
  if (demand.kind === 'object') {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? text : JSON.stringify({ answer: text });
  }
  if (value !== undefined && fitsSchema(demand.schema, value)) return text;
  return JSON.stringify(fillSchema(demand.schema, message));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
