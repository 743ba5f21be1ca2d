import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { assembleAnswers } from './assemble.ts';
import { collectAnswers } from './collect.ts';
import { extractClaims, listStatements } from './extract-claims.ts';
import { findConflicts } from './find-conflicts.ts';
import { readProse } from './read-prose.ts';
import { reportClaims } from './report-claims.ts';
import type {
  AnsweredTask,
  ClaimReport,
  Conflict,
  MergeInput,
  MergeOutcome,
  MergeReportEntry,
  ResultsDeps,
} from './results.ts';
import { isSynthesised, shownTasks } from './shown-tasks.ts';
import { findSpans } from './spans.ts';
import { synthesizeAnswers } from './synthesize.ts';

/**
 * Step ⑰: one result out of all answers. Sections and files are assembled in plan order; where the
 * plan has only research, its findings are synthesised by the orchestrator model. Every task is in
 * the report: `used` with its spans, `superseded` (carried on by its dependants) or `rejected`.
 * Throws `upstream_failed` where nothing was answered, and what `dispatch.call` throws.
 */
export async function mergeAnswers(deps: ResultsDeps, input: MergeInput): Promise<MergeOutcome> {
  const tasks = collectAnswers(input.tasks);
  const answered = tasks.filter((task) => task.output !== null);
  if (answered.length === 0) {
    throw new HeadraceError('upstream_failed', {
      message: 'No task of the run was answered, so there is nothing to merge.',
    });
  }
  const shown = shownTasks(answered);
  const prose = shown.filter((task) => task.artifactPath === null);
  const found = extractClaims(prose);
  // An answer may also contradict what it was given, notes that nobody reads in the result and the brief, or a file.
  const notes = answered.filter((task) => task.artifactPath === null && !shown.includes(task));
  const files = shown.filter((task) => task.artifactPath !== null);
  const told = [...notes, ...prose, ...files].map((task) => ({
    id: task.id,
    output: readProse(task),
  }));
  const brief = { id: briefId, output: input.commission.brief };
  const conflicts = findConflicts(listStatements([brief, ...told]));
  const merger = input.mayCall !== false && isSynthesised(shown) ? 'synthesis' : 'assembly';
  const merged =
    merger === 'synthesis'
      ? await synthesizeAnswers(deps, {
          commission: input.commission,
          tasks: shown,
          conflicts: conflicts.filter((conflict) => isBetween(conflict, prose)),
        })
      : assembleAnswers(shown);
  const claims = reportClaims(found, merged.result);
  const report = completeReport(tasks, merged.report, merged.result);
  return {
    result: merged.result,
    artifacts: merged.artifacts,
    report: report.map((entry) => annotate(entry, claims, conflicts)),
    route: shown.length === 1 ? 'single' : merger,
    claims,
    conflicts,
  };
}

/** Stands for the brief where a conflict names its two sides. */
const briefId = 'brief';

function isBetween({ quotes }: Conflict, tasks: readonly AnsweredTask[]): boolean {
  return quotes.every(({ task_id }) => tasks.some(({ id }) => id === task_id));
}

const mostNamed = 3;

/** What a reader of the report must know of an answer beside what became of it. */
function annotate(
  entry: MergeReportEntry,
  claims: readonly ClaimReport[],
  conflicts: readonly Conflict[],
): MergeReportEntry {
  const isOwn = (conflict: Conflict) =>
    conflict.quotes.some((quote) => quote.task_id === entry.task_id);
  const remarks = [
    ...name(
      'It contradicts another answer or the brief',
      conflicts.filter(isOwn).map(({ text }) => text),
    ),
    ...name(
      'Left out',
      claims
        .filter((claim) => claim.task_id === entry.task_id && claim.disposition === 'rejected')
        .map(({ text }) => `“${text}”`),
    ),
  ];
  return remarks.length === 0 ? entry : { ...entry, reason: [entry.reason, ...remarks].join(' ') };
}

function name(what: string, cases: readonly string[]): string[] {
  if (cases.length === 0) return [];
  const more = cases.length > mostNamed ? `, and ${cases.length - mostNamed} more` : '';
  return [`${what}: ${cases.slice(0, mostNamed).join('; ')}${more}.`];
}

function completeReport(
  tasks: readonly AnsweredTask[],
  known: readonly MergeReportEntry[],
  result: string,
): MergeReportEntry[] {
  const byId = new Map(known.map((entry) => [entry.task_id, entry]));
  return tasks.map((task) => byId.get(task.id) ?? explainAbsence(task, tasks, result));
}

function explainAbsence(
  task: AnsweredTask,
  tasks: readonly AnsweredTask[],
  result: string,
): MergeReportEntry {
  if (task.output === null) {
    return {
      task_id: task.id,
      disposition: 'rejected',
      reason: task.failure ?? 'It was not answered.',
      spans: [],
    };
  }
  const spans = findSpans(result, task.output);
  const readers = tasks.filter(
    (other) => other.dependsOn.includes(task.id) && other.output !== null,
  );
  if (readers.length > 0) {
    return {
      task_id: task.id,
      disposition: 'superseded',
      reason: `Its findings went on into ${readers.map((reader) => `"${reader.title}"`).join(', ')}.`,
      spans,
    };
  }
  return spans.length > 0
    ? { task_id: task.id, disposition: 'used', reason: 'The result carries its text.', spans }
    : {
        task_id: task.id,
        disposition: 'rejected',
        reason: 'Nothing of it stands in the result.',
        spans,
      };
}
