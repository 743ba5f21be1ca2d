import { z } from 'zod';
import type { CallOutcome } from '../../dispatch/index.ts';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import { parseModelJson } from '../../protocol/index.ts';
import { recordAnswer } from '../../queue/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { maxQuestions } from '../machine/clarification.ts';
import { isCut } from '../machine/note-cut.ts';
import type { ClarifyQuestion } from '../machine/state.ts';
import { writeClarifierPrompt, writeRepairPrompt } from '../prompts/write-clarifier-prompt.ts';
import { storable } from '../storable.ts';
import { ask, type ControlJob, inputRoom, metaOf, uncalledMeta } from './control-job.ts';

const answer = z.object({
  questions: z.array(
    z.object({
      question: z.string().trim().min(1).max(1_000),
      default: z.string().trim().min(1).max(2_000),
      why: z.string().trim().max(1_000).default(''),
    }),
  ),
});

/**
 * Step ⑥, first half: at most three questions. Two unreadable answers are no questions, not a failure,
 * and so is a budget or a time-out that does not cover asking.
 */
export async function runClarify(deps: OrchestrationDeps, job: ControlJob): Promise<void> {
  let questions: ClarifyQuestion[] = [];
  let meta = uncalledMeta;
  let skipped: string | undefined;
  try {
    const asked = await askForQuestions(deps, job);
    questions = dropTwins(asked.questions).slice(0, maxQuestions);
    meta = metaOf(asked.outcome);
  } catch (error) {
    if (!isHeadraceError(error) || !isCut(error.code)) throw error;
    skipped =
      error.code === 'deadline_passed' ? 'The questions did not come in time.' : error.message;
  }
  await recordAnswer(deps, job.claim, {
    output: JSON.stringify({ questions, skipped }),
    meta: {
      ...meta,
      finding: { kind: 'clarify', questions: questions.map((question) => ({ ...question })) },
    },
  });
}

async function askForQuestions(
  deps: OrchestrationDeps,
  job: ControlJob,
): Promise<{ questions: ClarifyQuestion[]; outcome: CallOutcome }> {
  const { maxTokens } = job.claim.task;
  const first = await ask(deps, job, {
    messages: writeClarifierPrompt(job.context, inputRoom(job, maxTokens)),
    maxTokens,
    json: true,
    keepAs: 'questions',
  });
  const read = readQuestions(first.answer.text);
  if (read.questions) return { questions: read.questions, outcome: first };
  const outcome = await ask(deps, job, {
    messages: writeRepairPrompt(first.answer.text, read.problem),
    maxTokens,
    json: true,
    keepAs: 'repaired questions',
  });
  return { questions: readQuestions(outcome.answer.text).questions ?? [], outcome };
}

/** Nobody wants to be asked the same twice, least of all instead of something else. */
function dropTwins(questions: readonly ClarifyQuestion[]): ClarifyQuestion[] {
  const seen = new Set<string>();
  return questions.filter(({ question }) => {
    const key = question
      .toLowerCase()
      .replace(/[\s\p{P}]+/gu, ' ')
      .trim();
    return !seen.has(key) && seen.add(key);
  });
}

function readQuestions(
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
