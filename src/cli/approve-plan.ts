import { z } from 'zod';
import { choose, no, yes } from './ask-person.ts';
import type { CliDeps } from './cli-deps.ts';
import { CliError } from './cli-error.ts';
import { drawPlan } from './draw-plan.ts';
import { editPlan, type PlanEditing, readPlan } from './edit-plan.ts';

const answers = { yes, edit: /^(e|edit|s|sửa|sua|改)$/i, no };

/**
 * A plan that waits for approval: shown, and carried out, edited or declined as the person says. Answers whether
 * it still waits, because nobody can be asked here.
 */
export async function approvePlan(deps: CliDeps, editing: PlanEditing): Promise<boolean> {
  const { client, runId, screen, signal } = editing;
  let plan = await readPlan(client, runId);
  // Told again to one who joins later; somebody may have decided since.
  if (plan.status !== 'awaiting_approval') return false;
  screen.note(drawPlan(plan));
  if (!screen.interactive) {
    screen.note(
      `Nobody can be asked here, so the run waits with its plan, of which nothing is begun.
  ./headrace runs approve ${runId} carries it out,
  ./headrace runs plan ${runId} --edit changes it, ./headrace runs cancel ${runId} declines it.`,
    );
    return true;
  }
  for (;;) {
    const answer = await choose(deps, { question: 'Carry out this plan?', answers, signal });
    if (answer !== 'edit') {
      await answerPlan(editing, answer);
      return false;
    }
    plan = await tryEditing(deps, editing, plan);
    if (plan.status !== 'awaiting_approval') return false;
    screen.note(drawPlan(plan));
  }
}

/** A failing editor, or somebody who was quicker, is no end of the run. */
async function tryEditing(
  deps: CliDeps,
  editing: PlanEditing,
  plan: Awaited<ReturnType<typeof readPlan>>,
) {
  try {
    return await editPlan(deps, editing);
  } catch (error) {
    if (!(error instanceof CliError) || !['usage', 'conflict'].includes(error.code)) throw error;
    editing.screen.note(`${error.message}${error.fix ? `\n  ${error.fix}` : ''}`);
    return error.code === 'conflict' ? await readPlan(editing.client, editing.runId) : plan;
  }
}

async function answerPlan(
  { client, runId, screen }: PlanEditing,
  answer: 'yes' | 'no',
): Promise<void> {
  if (answer === 'no') screen.note('You declined the plan; the run is cancelled.');
  const verb = answer === 'yes' ? 'plan' : 'cancel';
  await client.request({
    method: 'POST',
    path: `/api/v1/runs/${runId}/${verb}`,
    schema: z.unknown(),
  });
}
