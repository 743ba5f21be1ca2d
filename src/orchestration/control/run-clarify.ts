import { z } from 'zod';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import { parseModelJson } from '../../protocol/index.ts';
import { recordAnswer } from '../../queue/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { maxQuestions } from '../machine/clarification.ts';
import type { ClarifyQuestion } from '../machine/state.ts';
import { writeClarifierPrompt, writeRepairPrompt } from '../prompts/write-clarifier-prompt.ts';
import { storable } from '../storable.ts';
import { ask, type ControlJob, inputRoom, metaOf } from './control-job.ts';

const answer = z.object({
  questions: z.array(
    z.object({
      question: z.string().trim().min(1).max(1_000),
      default: z.string().trim().min(1).max(2_000),
      why: z.string().trim().max(1_000).default(''),
    }),
  ),
});

/** Step ⑥, first half: at most three questions. Two unreadable answers are no questions, not a failure. */
export async function runClarify(deps: OrchestrationDeps, job: ControlJob): Promise<void> {
  const { maxTokens } = job.claim.task;
  let outcome = await ask(deps, job, {
    messages: writeClarifierPrompt(job.context, inputRoom(job, maxTokens)),
    maxTokens,
    json: true,
  });
  let read = readQuestions(outcome.answer.text);
  if (!read.questions) {
    outcome = await ask(deps, job, {
      messages: writeRepairPrompt(outcome.answer.text, read.problem),
      maxTokens,
      json: true,
    });
    read = readQuestions(outcome.answer.text);
  }
  const questions = (read.questions ?? []).slice(0, maxQuestions);
  await recordAnswer(deps, job.claim, {
    output: JSON.stringify({ questions }),
    meta: {
      ...metaOf(outcome),
      finding: { kind: 'clarify', questions: questions.map((question) => ({ ...question })) },
    },
  });
}

export function readQuestions(
  text: string,
): { questions: ClarifyQuestion[]; problem: '' } | { questions: null; problem: string } {
  try {
    const parsed = answer.safeParse(parseModelJson(text).value);
    if (parsed.success) return { questions: storable(parsed.data.questions), problem: '' };
    return { questions: null, problem: z.prettifyError(parsed.error) };
  } catch (error) {
    if (!isHeadraceError(error)) throw error;
    return { questions: null, problem: error.message };
  }
}
