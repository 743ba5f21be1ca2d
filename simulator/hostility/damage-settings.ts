import { z } from 'zod';
import type { Role } from '../mind/read-prompt.ts';
import { answerDamages } from './answers/answer-damages.ts';
import type { Damage } from './damage.ts';
import { planDamages } from './plans/plan-damages.ts';
import { questionDamages } from './question-damages.ts';
import { verdictDamages } from './verdict-damages.ts';

const damages = { ...planDamages, ...answerDamages, ...verdictDamages, ...questionDamages };

/** Every damage by its name: `plan.fenced`, `answer.empty`, … */
export type DamageName = keyof typeof damages;

export const damageByName: Record<DamageName, Damage> = damages;
export const damageNames = Object.keys(damages) as DamageName[];

export const damageGroups = ['plans', 'answers', 'judges', 'clarifiers'] as const;
export type DamageGroup = (typeof damageGroups)[number];

export const groupOfRole: Record<Role, DamageGroup> = {
  planner: 'plans',
  worker: 'answers',
  merger: 'answers',
  judge: 'judges',
  comparer: 'judges',
  panel: 'judges',
  clarifier: 'clarifiers',
  repairer: 'clarifiers',
};

const prefixes: Record<DamageGroup, string> = {
  plans: 'plan.',
  answers: 'answer.',
  judges: 'judge.',
  clarifiers: 'clarifier.',
};

export function namesOf(group: DamageGroup): DamageName[] {
  return damageNames.filter((name) => name.startsWith(prefixes[group]));
}

const rate = z.number().min(0).max(1);
const name = z.enum(damageNames);

/** Shares of the calls of each group that are damaged. What is left out never is. */
export const damageSettings = z
  .strictObject({
    plans: rate,
    answers: rate,
    judges: rate,
    clarifiers: rate,
    /** The only damages there are; always, where their group has no share. */
    only: z.union([name, z.array(name).min(1)]),
  })
  .partial();
export type DamageSettings = z.infer<typeof damageSettings>;

/** How much likelier than the others of their group: at least 15 % of answers shall miss or contradict something. */
export const weights: Partial<Record<DamageName, number>> = {
  'answer.missed_criterion': 8,
  'answer.contradiction': 8,
};

export const hostilities = {
  none: {},
  full: { plans: 0.25, answers: 0.25, judges: 0.08, clarifiers: 0.05 },
} as const satisfies Record<string, DamageSettings>;

/** What a simulator does that was told nothing. */
export const defaultHostility: DamageSettings = hostilities.full;
