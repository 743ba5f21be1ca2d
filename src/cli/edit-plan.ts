import { decide } from './ask-person.ts';
import type { CliDeps } from './cli-deps.ts';
import { CliError } from './cli-error.ts';
import { openEditedFile } from './edit-text.ts';
import type { HttpClient } from './http-client.ts';
import { type PlanDocument, planDocument } from './plan-document.ts';
import { printable } from './printable.ts';
import { isEmptyPlan, type PlanProblem, readPlanFile } from './read-plan-file.ts';
import type { Screen } from './screen.ts';
import { sendPlan } from './send-plan.ts';
import { writePlanFile } from './write-plan-file.ts';

export interface PlanEditing {
  client: HttpClient;
  runId: string;
  screen: Screen;
  /** Ends the questions, not the editor. */
  signal: AbortSignal;
}

export function readPlan(client: HttpClient, runId: string): Promise<PlanDocument> {
  return client.request({
    method: 'GET',
    path: `/api/v1/runs/${runId}/plan`,
    schema: planDocument,
  });
}

/**
 * Lets a person edit the plan in an editor until the gateway takes it or the person gives up. Answers the
 * plan that holds then; what was written and not taken stays in its file, which is named.
 */
export async function editPlan(deps: CliDeps, editing: PlanEditing): Promise<PlanDocument> {
  const { client, runId, screen } = editing;
  const plan = await readPlan(client, runId);
  const file = await openEditedFile(deps, `plan-${runId}.yaml`);
  const keepText = (error: unknown): never => {
    screen.note(`What you wrote is in ${file.path}`);
    throw error;
  };
  let offered = writePlanFile(plan);
  for (;;) {
    const written = await file.edit(offered);
    const nothing = sayNothingDone(written, offered);
    const outcome = nothing ?? (await offerPlan(editing, plan, written).catch(keepText));
    if (typeof outcome === 'string') screen.note(outcome);
    if (!Array.isArray(outcome)) {
      await file.remove();
      return typeof outcome === 'string' ? plan : outcome;
    }
    const told = explainProblems(withoutComplaints(written), outcome);
    if (!screen.interactive) refuse(told.complaints, file.path);
    screen.note(told.complaints.map(({ text }) => `  ${text}`).join('\n'));
    if (!(await decide(deps, 'Edit it again?', editing.signal))) {
      screen.note(`The plan stays as it was. What you wrote is in ${file.path}`);
      return plan;
    }
    offered = told.text;
  }
}

/** Puts a plan that is already written into the place of the run's. Throws with every problem named. */
export async function putPlanFile(
  { client, runId }: Pick<PlanEditing, 'client' | 'runId'>,
  written: { text: string; name: string },
): Promise<PlanDocument> {
  const read = readPlanFile(written.text);
  const outcome =
    'problems' in read
      ? read.problems
      : await sendPlan(client, await readPlan(client, runId), read);
  if (!Array.isArray(outcome)) return outcome;
  throw new CliError('request_invalid', {
    message: `${written.name} cannot be used as a plan:\n${outcome.map((problem) => `  line ${problem.line}: ${sentenceOf(problem)}`).join('\n')}`,
    fix: 'Mend these lines; ./headrace runs plan ID shows the plan as it is.',
  });
}

function sayNothingDone(written: string, offered: string): string | null {
  if (isEmptyPlan(written)) return 'The file is empty, so the plan stays as it was.';
  return written === offered ? 'Nothing was changed; the plan stays as it was.' : null;
}

async function offerPlan(
  { client }: PlanEditing,
  plan: PlanDocument,
  written: string,
): Promise<PlanDocument | PlanProblem[]> {
  const read = readPlanFile(withoutComplaints(written));
  if ('problems' in read) return read.problems;
  return sendPlan(client, plan, { ...read, version: plan.version });
}

/** Where nobody can be asked, a plan that was not taken must not look like one that was. */
function refuse(complaints: readonly { text: string }[], path: string): never {
  throw new CliError('request_invalid', {
    message: `The plan stays as it was:\n${complaints.map(({ text }) => `  ${text}`).join('\n')}`,
    fix: `What you wrote is in ${path}; mend it and use --from ${path}`,
  });
}

const mark = '#! ';

/** The text with what is wrong with it on top, for an editor covers what the terminal said. */
function explainProblems(text: string, problems: readonly PlanProblem[]) {
  const above = problems.length + 1;
  const complaints = problems.map((problem) => ({
    text: `line ${problem.line + above}: ${sentenceOf(problem)}`,
  }));
  const lines = ['This cannot be used yet:', ...complaints.map((each) => `- ${each.text}`)];
  const head = lines.map((line) => `${mark}${line.replace(/\s+/g, ' ')}\n`).join('');
  return { complaints, text: `${head}${text}` };
}

function withoutComplaints(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith(mark))
    .join('\n');
}

function sentenceOf({ field, message }: PlanProblem): string {
  const said = field === '' || message.includes(field) ? message : `${field}: ${message}`;
  return printable(said);
}
