import { cutToTokens } from './ask-model.ts';
import { shapeSection } from './assemble.ts';
import { extractClaims } from './extract-claims.ts';
import { languageOf } from './language-of.ts';
import { mergeTree } from './merge-tree.ts';
import { reportClaims } from './report-claims.ts';
import type {
  AnsweredTask,
  Artifact,
  Commission,
  Conflict,
  MergeReportEntry,
  ResultsDeps,
} from './results.ts';
import { findSpans } from './spans.ts';

export interface Synthesis {
  result: string;
  report: MergeReportEntry[];
  artifacts: Artifact[];
}

export interface SynthesisInput {
  commission: Commission;
  tasks: readonly AnsweredTask[];
  conflicts: readonly Conflict[];
}

/** A forgotten answer is appended whole up to this size, in tokens; of a longer one its beginning. */
const longestAppended = 1_500;
const mostClaims = 12;
const mostConflicts = 12;

/**
 * One text out of complementary answers, by the orchestrator model. What a required task said and
 * the text does not is appended: the whole answer where nothing of it arrived, else the sentences
 * with an amount. Contradictions that the text does not show side by side stand at its end.
 */
export async function synthesizeAnswers(
  deps: ResultsDeps,
  { commission, tasks, conflicts }: SynthesisInput,
): Promise<Synthesis> {
  const pieces = tasks.map((task) => ({
    key: task.key,
    title: task.title,
    text: task.output ?? '',
  }));
  const written = await mergeTree(deps, { commission, pieces, conflicts });
  const additions = tasks
    .filter((task) => task.required)
    .flatMap((task) => findOmissions(task, written));
  const shown = showConflicts(conflicts, written, commission.brief);
  const result = [additions.reduce(addToSection, written), ...shown].join('\n\n');
  return { result, report: tasks.map((task) => reportTask(task, written, result)), artifacts: [] };
}

interface Addition {
  title: string;
  text: string;
}

function findOmissions(task: AnsweredTask, written: string): Addition[] {
  const output = task.output ?? '';
  if (findSpans(written, output).length === 0) {
    return [{ title: task.title, text: cutToTokens(output, longestAppended) }];
  }
  const missing = reportClaims(extractClaims([task]), written)
    .filter((claim) => claim.disposition === 'rejected')
    .slice(0, mostClaims);
  if (missing.length === 0) return [];
  return [{ title: task.title, text: missing.map(({ text }) => `- ${text}`).join('\n') }];
}

/** At the end of the section of its title, where the text has one: a heading that comes twice is taken for disorder. */
function addToSection(result: string, { title, text }: Addition): string {
  const section = shapeSection(title, text);
  const heading = `## ${title}\n`;
  const at = `\n${result}`.indexOf(`\n${heading}`);
  if (at < 0) return `${result}\n\n${section}`;
  const next = result.indexOf('\n## ', at + heading.length - 1);
  const end = next < 0 ? result.length : next;
  const body = section.slice(heading.length).trim();
  return `${result.slice(0, end).trimEnd()}\n\n${body}${next < 0 ? '' : `\n${result.slice(next)}`}`;
}

/** In the language of the brief, as the rest of the result. */
function showConflicts(conflicts: readonly Conflict[], written: string, brief: string): string[] {
  const paragraphs = written.split(/\n{2,}/);
  const hidden = conflicts.filter(
    ({ quotes }) => !paragraphs.some((text) => quotes.every(({ quote }) => text.includes(quote))),
  );
  if (hidden.length === 0) return [];
  const lines = hidden.slice(0, mostConflicts).map(({ text }) => `- ${text}`);
  return [`## ${headings[languageOf(brief)]}\n\n${lines.join('\n')}`];
}

const headings = { en: 'Contradictions', vi: 'Chỗ mâu thuẫn', zh: '相互矛盾之处' };

function reportTask(task: AnsweredTask, written: string, result: string): MergeReportEntry {
  const spans = findSpans(result, task.output ?? '');
  if (spans.length === 0) {
    return {
      task_id: task.id,
      disposition: 'rejected',
      reason: 'The synthesis left it out.',
      spans,
    };
  }
  const arrived = findSpans(written, task.output ?? '').length > 0;
  const reason = arrived
    ? 'The synthesis carries its text.'
    : 'The synthesis left it out, so it was appended.';
  return { task_id: task.id, disposition: 'used', reason, spans };
}
