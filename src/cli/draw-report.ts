import type { createColors } from 'picocolors';
import { catalogue } from '../platform/errors/catalogue.ts';
import { drawProgress } from './draw-progress.ts';
import { countThings, formatCount, formatUsd, printableDeep } from './printable.ts';
import type { RunDocument } from './run-document.ts';

export const simulatedNotice =
  'SIMULATED: what was shown is scheduling, limits and recovery, not answer quality.';

type Colors = ReturnType<typeof createColors>;

/** What became of a run: merge, verdict criterion by criterion, confidence, cost; the result is printed apart. */
export function drawReport(document: RunDocument, colors: Colors): string {
  const run = printableDeep(document);
  const blocks = [
    block('Progress', drawProgress(run), { run, colors }),
    drawPlanFacts(run, colors),
    drawMerge(run, colors),
    drawVerdict(run, colors),
    drawPanels(run, colors),
    run.confidence
      ? `${heading('Confidence', run, colors)}\n  ${run.confidence.value.toFixed(2)} ${run.confidence.calibrated ? '' : '(uncalibrated) '}— ${run.confidence.explanation}`
      : '',
    drawUsage(run, colors),
    run.failure ? drawFailure(run, run.failure, colors) : '',
  ];
  return blocks.filter(Boolean).join('\n\n');
}

/** A run that was cut and still delivered something has not failed. */
function drawFailure(
  { status }: RunDocument,
  failure: { code: string; message: string },
  colors: Colors,
): string {
  const advice: Record<string, { fix: string }> = catalogue;
  const fix = advice[failure.code]?.fix;
  return `${status === 'succeeded' ? colors.yellow('Cut short') : colors.red('Failure')}\n  ${failure.message} [${failure.code}]${fix ? `\n  ${fix}` : ''}`;
}

function heading(name: string, run: RunDocument, colors: Colors): string {
  return colors.bold(run.simulated ? `${name} (simulated)` : name);
}

/** Only where there is something to say: why nothing was split, and what a damaged plan may have lost. */
function drawPlanFacts(run: RunDocument, colors: Colors): string {
  const { single = null, note = null } = run.plan ?? {};
  const lines = [
    ...(single === null ? [] : [`One task: ${single}`]),
    ...(note === null || note === single ? [] : [note]),
  ];
  return block('Plan', lines, { run, colors });
}

function block(
  name: string,
  lines: readonly string[],
  { run, colors }: { run: RunDocument; colors: Colors },
): string {
  if (lines.length === 0) return '';
  return `${heading(name, run, colors)}\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

function drawMerge(run: RunDocument, colors: Colors): string {
  if (run.merge_report.length === 0) return '';
  const counts = new Map<string, number>();
  for (const entry of run.merge_report) {
    counts.set(entry.disposition, (counts.get(entry.disposition) ?? 0) + 1);
  }
  const titles = new Map(run.tasks.map((task) => [task.id, task.title]));
  const summary = [...counts].map(([disposition, count]) => `${count} ${disposition}`).join(', ');
  const rejected = run.merge_report
    .filter((entry) => entry.disposition === 'rejected')
    .map(
      (entry) => `\n  rejected: ${titles.get(entry.task_id) ?? entry.task_id} — ${entry.reason}`,
    );
  return `${heading('Merge', run, colors)}\n  ${summary}${rejected.join('')}`;
}

function drawVerdict(run: RunDocument, colors: Colors): string {
  if (!run.verdict) return '';
  const paint =
    { pass: colors.green, partial: colors.yellow, fail: colors.red }[run.verdict.decision] ??
    colors.bold;
  const criteria = run.verdict.criteria.map((criterion) => {
    const mark = criterion.met ? colors.green('✓ met    ') : colors.red('✗ not met');
    const evidence = criterion.evidence
      ? `\n             ${colors.dim(shorten(criterion.evidence, 160))}`
      : '';
    return `  ${mark}  ${criterion.text}${evidence}`;
  });
  const rounds = run.rounds === 1 ? '1 round of judging' : `${run.rounds} rounds of judging`;
  return `${heading('Verdict', run, colors)}: ${paint(run.verdict.decision)} (${rounds})\n${criteria.join('\n')}`;
}

/** Each panel beside what its ablest model alone would have given. */
function drawPanels(run: RunDocument, colors: Colors): string {
  const panels = run.tasks.flatMap(({ title, panel }) => (panel ? [{ title, ...panel }] : []));
  if (panels.length === 0) return '';
  const lines = panels.flatMap(({ title, baseline, members, picked, ...panel }) => {
    const taken = members.find((member) => member.task_id === picked);
    const answer = taken ? `${taken.model}${drawScore(taken.score)}` : 'all members together';
    const alone = `${baseline.model} alone${drawScore(baseline.score)}`;
    const beside =
      baseline.preferred === 'same'
        ? 'the ablest model of the panel'
        : `beside ${alone}: ${verdictOf(baseline.preferred)}`;
    return [
      `  ${title}: ${answer}, ${panel.supporters} of ${panel.families} families agree; ${beside}`,
      ...panel.partial_coverage.map(
        (line) => `    ${colors.yellow('partial')} ${shorten(line, 160)}`,
      ),
    ];
  });
  return `${heading('Panels', run, colors)}\n${lines.join('\n')}`;
}

function drawScore(score: number | null): string {
  return score === null ? '' : ` (${score.toFixed(2)})`;
}

function verdictOf(preferred: string | null): string {
  if (preferred === 'panel' || preferred === 'baseline') return `the ${preferred} is preferred`;
  return preferred === 'tie' ? 'neither is preferred' : 'not compared';
}

function drawUsage(run: RunDocument, colors: Colors): string {
  const attempts = run.tasks.flatMap((task) => task.attempts);
  const models = new Set(attempts.map((attempt) => attempt.model));
  const accounts = new Set(attempts.map((attempt) => attempt.account));
  const { input_tokens: input, output_tokens: output, cost_usd: cost } = run.usage;
  return (
    `${heading('Usage', run, colors)}\n  ${formatCount(input)} input + ${formatCount(output)} output tokens, ${formatUsd(cost)}; ` +
    `${[
      countThings(run.tasks.length, 'task'),
      countThings(attempts.length, 'call'),
      countThings(models.size, 'model'),
      countThings(accounts.size, 'account'),
    ].join(', ')}${drawUnsettled(attempts)}`
  );
}

/** A call that broke off has no usage that a vendor told: the ledger keeps what was reserved for it. */
function drawUnsettled(attempts: RunDocument['tasks'][number]['attempts']): string {
  const count = attempts.filter((attempt) => attempt.as_reserved).length;
  if (count === 0) return '';
  const [calls, verb] = [countThings(count, 'call'), count === 1 ? 'counts' : 'count'];
  return `\n  an upper bound: ${calls} whose usage nobody told ${verb} with the whole of what was reserved`;
}

function shorten(text: string, width: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}
