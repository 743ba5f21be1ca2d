import { clip } from '../language/clip.ts';
import type { Voice } from '../voice/voice.ts';
import type { Plan } from './planned-task.ts';

/**
 * What a person answered binds the first part that is shown: it has to cover the answer. Defaults change
 * nothing, for the clarifier chose them as what the plan would be without an answer.
 */
export function heedAnswers(plan: Plan, clarifications: string, voice: Voice): Plan {
  const defaults = voice.questions.map((question) => question.default);
  const answers = [...clarifications.matchAll(/^A: (.+)$/gm)]
    .map(([, answer = '']) => answer.trim())
    .filter((answer) => answer !== '' && !defaults.includes(answer));
  if (answers.length === 0) return plan;
  const first = plan.tasks.find((task) => task.kind === 'section');
  const criteria = answers.map((answer) => voice.plan.coversCriterion(clip(answer, 80)));
  return {
    ...plan,
    tasks: plan.tasks.map((task) =>
      task === first ? { ...task, acceptance: [...task.acceptance, ...criteria] } : task,
    ),
  };
}
