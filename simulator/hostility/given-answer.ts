import type { Ask } from '../mind/ask.ts';
import type { Role } from '../mind/read-prompt.ts';
import { think } from '../mind/think.ts';
import type { Damage, Damaged, GivenAnswer } from './damage.ts';

/** For tests: what a kind model answers to `message`, ready to be damaged. */
export function answerTo(
  role: Role,
  message: string,
  more: Partial<GivenAnswer> = {},
): GivenAnswer {
  const ask: Ask = {
    seed: 'seed',
    author: 'openai/gpt-5.6-sol',
    turns: [
      { role: 'system', text: `You are Headrace's ${role}. Do your part.` },
      { role: 'user', text: message },
    ],
    demand: { kind: 'text' },
    room: 4_000,
    missesCriterion: false,
  };
  return {
    role,
    author: ask.author,
    message,
    text: think(ask),
    reasoning: '',
    room: ask.room,
    free: true,
    withoutCriterion: () => think({ ...ask, missesCriterion: true }),
    ...more,
  };
}

/** The damaged answer, where every draw gives `drawn`. */
export function inflict(damage: Damage, given: GivenAnswer, drawn = 0.4): Damaged {
  const damaged = damage(given, () => drawn);
  if (!damaged) throw new Error('This answer cannot be damaged so.');
  return damaged;
}
