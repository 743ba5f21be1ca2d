import { findThinkEnd } from '../protocol/index.ts';
import { assembleAnswers } from './assemble.ts';
import type { AnsweredTask, Defect, MergeOutcome, Verdict } from './results.ts';

export interface Checks {
  criteria: Verdict['criteria'];
  defects: Defect[];
}

/** What needs no model to decide; a broken check weighs more than any judge's opinion. */
export function checkResult(
  tasks: readonly AnsweredTask[],
  merge: Pick<MergeOutcome, 'result' | 'artifacts'>,
): Checks {
  return joinChecks([
    checkAnswered(tasks),
    checkWhole(tasks),
    checkFiles(tasks, merge),
    checkLeftovers(tasks, merge),
  ]);
}

/** Share of the checks that one answer passes by itself, 0..1. */
export function passedChecks(task: AnsweredTask): number {
  const { criteria } = checkResult([{ ...task, required: true }], assembleAnswers([task]));
  return criteria.filter((criterion) => criterion.met).length / criteria.length;
}

export function joinChecks(checks: readonly Checks[]): Checks {
  return {
    criteria: checks.flatMap((check) => check.criteria),
    defects: checks.flatMap((check) => check.defects),
  };
}

function checkAnswered(tasks: readonly AnsweredTask[]): Checks {
  const text = 'Every required task was answered.';
  const missing = tasks.filter((task) => task.required && task.output === null);
  const evidence =
    missing.length === 0
      ? `${tasks.filter((task) => task.output !== null).length} of ${tasks.length} tasks have an answer.`
      : missing
          .map((task) => `${task.key} "${task.title}": ${task.failure ?? 'no answer'}`)
          .join('; ');
  // Rework could not mend these: a task that failed for good has no answer to improve.
  return { criteria: [{ text, met: missing.length === 0, evidence }], defects: [] };
}

function checkWhole(tasks: readonly AnsweredTask[]): Checks {
  const cut = tasks.filter((task) => task.output !== null && task.brokeOff);
  if (cut.length === 0) return { criteria: [], defects: [] };
  const text = 'No answer breaks off before its end.';
  const evidence = cut.map((task) => `${task.key} "${task.title}"`).join(', ');
  return {
    criteria: [{ text, met: false, evidence: `Cut at the output cap: ${evidence}` }],
    defects: cut.map((task) => ({
      task_id: task.id,
      criterion: text,
      fix: 'It broke off at its output cap: say the same in fewer words, to the end.',
    })),
  };
}

function checkFiles(
  tasks: readonly AnsweredTask[],
  merge: Pick<MergeOutcome, 'artifacts'>,
): Checks {
  const wanted = tasks.filter((task) => task.artifactPath !== null);
  if (wanted.length === 0) return { criteria: [], defects: [] };
  const files = new Map(merge.artifacts.map((file) => [file.path, file]));
  const broken: { task: AnsweredTask; why: string }[] = [];
  for (const task of wanted) {
    const file = files.get(task.artifactPath ?? '');
    const why = file ? explainBrokenFile(file.path, file.content) : 'it is missing';
    if (why) broken.push({ task, why });
  }
  const text = 'Every file that the plan names exists and can be read as its kind.';
  return {
    criteria: [
      {
        text,
        met: broken.length === 0,
        evidence:
          broken.length === 0
            ? [...files.keys()].join(', ')
            : broken.map(({ task, why }) => `${task.artifactPath}: ${why}`).join('; '),
      },
    ],
    defects: broken
      .filter(({ task }) => task.output !== null)
      .map(({ task, why }) => ({
        task_id: task.id,
        criterion: text,
        fix: `Write ${task.artifactPath} again: ${why}.`,
      })),
  };
}

function explainBrokenFile(path: string, content: string): string | null {
  if (content.trim() === '') return 'it is empty';
  if (!/\.(json|ipynb)$/i.test(path)) return null;
  try {
    JSON.parse(content);
    return null;
  } catch (error) {
    return `it is not valid JSON (${error instanceof Error ? error.message : String(error)})`;
  }
}

function findLeftover(text: string): string | null {
  if (findThinkEnd(text) >= 0) return '</think>';
  return /(?<![`'"“‘\\])<think>(?!['"”’`])|You are Headrace's/i.exec(text)?.[0] ?? null;
}

/** What is quoted is spoken of; files are looked at as well, since nobody reads them once more. */
function checkLeftovers(
  tasks: readonly AnsweredTask[],
  { result, artifacts }: Pick<MergeOutcome, 'result' | 'artifacts'>,
): Checks {
  const text = 'The result and its files hold no leftovers of prompts or of thinking.';
  const found = [
    { where: 'the result', what: findLeftover(result) },
    ...artifacts.map((file) => ({ where: file.path, what: findLeftover(file.content) })),
  ].flatMap(({ where, what }) => (what === null ? [] : [`${what} in ${where}`]));
  if (found.length === 0) return { criteria: [], defects: [] };
  return {
    criteria: [{ text, met: false, evidence: found.join('; ') }],
    defects: tasks.flatMap((task) => {
      const what = findLeftover(task.output ?? '');
      return what === null
        ? []
        : [{ task_id: task.id, criterion: text, fix: `Leave out "${what}".` }];
    }),
  };
}
