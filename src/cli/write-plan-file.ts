import { Document, isMap, isScalar, isSeq, Scalar, type YAMLMap } from 'yaml';
import type { PlanDocument } from './plan-document.ts';
import { printable } from './printable.ts';

const head = (plan: PlanDocument) => `\
# The plan of ${plan.run_id}. Save it to change the plan; leave it as it is, or empty it, to change nothing.
#
# id          what other tasks call it in deps; deps name earlier tasks only, and what they use of them
# kind        section, file (with a path) or research (read by other tasks, not part of the result)
# acceptance  yes/no criteria by which the answer is judged
# models      provider/model, best first; [] lets any model answer
# max_tokens  output tokens at most
# panel       so many models answer side by side and the best answer is taken; 0 or left out: one answers
`;

// Where a quoted text is broken into lines, yaml 2.9 writes some that it reads back otherwise.
const layout = { lineWidth: 100, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER };

/** A plan as YAML that a person reads and edits; `readPlanFile` reads it back. */
export function writePlanFile(plan: PlanDocument): string {
  const document = new Document({ version: plan.version, tasks: plan.tasks.map(writeTask) });
  const tasks = document.get('tasks');
  if (isSeq(tasks)) {
    for (const [index, task] of tasks.items.entries()) {
      if (!isMap(task)) continue;
      task.spaceBefore = index > 0;
      markBegun(task, plan.tasks[index]?.status ?? '');
      layOutText(task.get('instruction', true));
      layOutDeps(task.get('deps'));
    }
  }
  return `${head(plan)}${document.toString(layout)}`;
}

function writeTask(task: PlanDocument['tasks'][number]) {
  return {
    id: task.key,
    title: printable(task.title),
    kind: task.kind,
    ...(task.path === null ? {} : { path: task.path }),
    instruction: printable(task.instruction),
    deps: task.deps.map(({ id, uses }) => ({ id, uses: printable(uses) })),
    acceptance: task.acceptance.map(printable),
    models: task.models,
    max_tokens: task.max_tokens,
    required: task.required,
    ...(task.panel === 0 ? {} : { panel: task.panel }),
  };
}

/** What was begun stands there to be read, not to be changed. */
function markBegun(task: YAMLMap, status: string): void {
  if (status === 'pending' || status === 'ready') return;
  task.commentBefore = ` ${status}: stays as it is`;
}

/** Blocks, because a person writes on in them without minding quotes. */
function layOutText(instruction: unknown): void {
  if (!isScalar(instruction)) return;
  const lines = String(instruction.value).includes('\n');
  instruction.type = lines ? Scalar.BLOCK_LITERAL : Scalar.BLOCK_FOLDED;
}

/** A dependency is one thought: one line for each. */
function layOutDeps(deps: unknown): void {
  if (!isSeq(deps)) return;
  for (const dep of deps.items) {
    if (!isMap(dep)) continue;
    dep.flow = true;
    const uses = dep.get('uses', true);
    // Plain text of several lines within braces is written in a way that cannot be read back.
    if (isScalar(uses)) uses.type = Scalar.QUOTE_DOUBLE;
  }
}
