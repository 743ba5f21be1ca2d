import { createHash } from 'node:crypto';
import { dropRepetitions, type Heard } from './drop-repetitions.ts';
import { findFencedLines } from './fenced-lines.ts';
import type { AnsweredTask, Artifact, MergeReportEntry } from './results.ts';
import { type Block, joinBlocks, splitBlocks } from './split-blocks.ts';

export interface Assembly {
  result: string;
  report: MergeReportEntry[];
  artifacts: Artifact[];
}

/**
 * Sections in plan order, each under one heading of its own; files as artifacts, listed at the end.
 * Deterministic: nothing is rewritten, so every span of the result is known exactly.
 */
export function assembleAnswers(tasks: readonly AnsweredTask[]): Assembly {
  const heard: Heard = new Map();
  const titles = new Map<string, number>();
  const report: MergeReportEntry[] = [];
  const artifacts = tasks.filter(isFile).map(toArtifact);
  let result = '';
  for (const task of tasks) {
    if (task.output === null || isFile(task)) continue;
    const title = numberTwin(task.title, titles);
    const section = writeSection({ title, body: shapeBody(task.output) }, heard);
    const start = result === '' ? 0 : result.length + 2;
    result = result === '' ? section : `${result}\n\n${section}`;
    report.push({
      task_id: task.id,
      disposition: 'used',
      reason: 'Its section stands in the result.',
      spans: [{ start, end: start + section.length }],
    });
  }
  const listing = listArtifacts(artifacts, result.length, result === '');
  return {
    result: result + listing.text,
    report: [...report, ...listing.report],
    artifacts,
  };
}

function isFile(task: AnsweredTask): boolean {
  return task.artifactPath !== null && task.output !== null;
}

/** Two sections of one title would be taken for one. */
function numberTwin(title: string, titles: Map<string, number>): string {
  const key = title.trim().toLowerCase();
  const count = (titles.get(key) ?? 0) + 1;
  titles.set(key, count);
  return count === 1 ? title : `${title} (${count})`;
}

function writeSection(section: { title: string; body: string }, heard: Heard): string {
  const body = dropRepetitions(section, heard);
  const tidy = joinBlocks(dropEmptyHeadings(splitBlocks(body), section.title));
  return `## ${section.title}\n\n${tidy === '' ? body : tidy}`;
}

/** A heading with nothing below it, and one that says again what the heading above it says. */
function dropEmptyHeadings(blocks: readonly Block[], title: string): Block[] {
  const kept: Block[] = [];
  for (const block of blocks.toReversed()) {
    const next = kept.at(-1);
    const level = levelOf(block);
    const isEmpty =
      level > 0 && (next === undefined || (levelOf(next) > 0 && levelOf(next) <= level));
    if (!isEmpty) kept.push(block);
  }
  const [first, ...rest] = kept.toReversed();
  if (first === undefined) return [];
  return textOfHeading(first) === title ? rest : [first, ...rest];
}

function levelOf({ kind, text }: Block): number {
  return kind === 'heading' ? text.search(/[^#]/) : 0;
}

function textOfHeading({ kind, text }: Block): string | null {
  return kind === 'heading' ? text.replace(/^#+\s+/, '').trim() : null;
}

/** One `## title` at the top; the model's own headings move below it, fenced code untouched. */
export function shapeSection(title: string, text: string): string {
  return `## ${title}\n\n${shapeBody(text)}`;
}

function shapeBody(text: string): string {
  const lines = text.split('\n');
  const headings = headingLevels(lines);
  const first = headings.find((heading) =>
    lines.slice(0, heading.line).every((line) => line.trim() === ''),
  );
  const body = first ? lines.slice(first.line + 1) : lines;
  const inner = headings.filter((heading) => heading !== first).map((heading) => heading.level);
  const shift = inner.length === 0 ? 0 : Math.max(0, 3 - Math.min(...inner));
  return shiftHeadings(body, shift).join('\n').trim();
}

function headingLevels(lines: readonly string[]): { line: number; level: number }[] {
  const found: { line: number; level: number }[] = [];
  const fenced = findFencedLines(lines);
  for (const [line, text] of lines.entries()) {
    const level = fenced[line] ? undefined : /^(#{1,6})\s/.exec(text)?.[1]?.length;
    if (level !== undefined) found.push({ line, level });
  }
  return found;
}

function shiftHeadings(lines: readonly string[], shift: number): string[] {
  if (shift === 0) return [...lines];
  const fenced = findFencedLines(lines);
  return lines.map((text, line) => {
    if (fenced[line]) return text;
    return text.replace(/^(#{1,6})(?=\s)/, (marks) =>
      '#'.repeat(Math.min(6, marks.length + shift)),
    );
  });
}

function listArtifacts(artifacts: readonly Artifact[], offset: number, alone: boolean) {
  if (artifacts.length === 0) return { text: '', report: [] };
  let text = `${alone ? '' : '\n\n'}## Files\n`;
  const report: MergeReportEntry[] = [];
  for (const artifact of artifacts) {
    const line = `\n- \`${artifact.path}\` (${artifact.bytes} bytes)`;
    const start = offset + text.length + 1;
    report.push({
      task_id: artifact.task_id,
      disposition: 'used',
      reason: `Its output is the file ${artifact.path}.`,
      spans: [{ start, end: start + line.length - 1 }],
    });
    text += line;
  }
  return { text: `${text}\n`, report };
}

const mediaTypes: Record<string, string> = {
  md: 'text/markdown',
  json: 'application/json',
  ipynb: 'application/x-ipynb+json',
  csv: 'text/csv',
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
};

function toArtifact(task: AnsweredTask): Artifact {
  const content = task.output ?? '';
  const path = task.artifactPath ?? task.key;
  const extension = path.split('.').at(-1)?.toLowerCase() ?? '';
  return {
    path,
    media_type: Object.hasOwn(mediaTypes, extension)
      ? (mediaTypes[extension] ?? 'text/plain')
      : 'text/plain',
    bytes: Buffer.byteLength(content),
    sha256: createHash('sha256').update(content).digest('hex'),
    task_id: task.id,
    content,
  };
}
