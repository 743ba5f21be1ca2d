import { createHash } from 'node:crypto';
import type { AnsweredTask, Artifact, MergeReportEntry } from './results.ts';

export interface Assembly {
  result: string;
  report: MergeReportEntry[];
  artifacts: Artifact[];
}

/** A paragraph is dropped as a repetition only from this length on; short ones may recur rightly. */
const shortestRepetition = 120;

/**
 * Sections in plan order, each under one heading of its own; files as artifacts, listed at the end.
 * Deterministic: nothing is rewritten, so every span of the result is known exactly.
 */
export function assembleAnswers(tasks: readonly AnsweredTask[]): Assembly {
  const seen = new Map<string, string>();
  const report: MergeReportEntry[] = [];
  const artifacts = tasks.filter(isFile).map(toArtifact);
  let result = '';
  for (const task of tasks) {
    if (task.output === null || isFile(task)) continue;
    const section = dropRepetitions(shapeSection(task.title, task.output), seen);
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

/** One `## title` at the top; the model's own headings move below it, fenced code untouched. */
export function shapeSection(title: string, text: string): string {
  const lines = text.split('\n');
  const headings = headingLevels(lines);
  const first = headings.find((heading) =>
    lines.slice(0, heading.line).every((line) => line.trim() === ''),
  );
  const body = first ? lines.slice(first.line + 1) : lines;
  const inner = headings.filter((heading) => heading !== first).map((heading) => heading.level);
  const shift = inner.length === 0 ? 0 : Math.max(0, 3 - Math.min(...inner));
  return `## ${title}\n\n${shiftHeadings(body, shift).join('\n').trim()}`;
}

function headingLevels(lines: readonly string[]): { line: number; level: number }[] {
  const found: { line: number; level: number }[] = [];
  let fenced = false;
  for (const [line, text] of lines.entries()) {
    if (/^\s*(```|~~~)/.test(text)) fenced = !fenced;
    const level = fenced ? undefined : /^(#{1,6})\s/.exec(text)?.[1]?.length;
    if (level !== undefined) found.push({ line, level });
  }
  return found;
}

function shiftHeadings(lines: readonly string[], shift: number): string[] {
  if (shift === 0) return [...lines];
  let fenced = false;
  return lines.map((text) => {
    if (/^\s*(```|~~~)/.test(text)) fenced = !fenced;
    if (fenced) return text;
    return text.replace(/^(#{1,6})(?=\s)/, (marks) =>
      '#'.repeat(Math.min(6, marks.length + shift)),
    );
  });
}

function dropRepetitions(section: string, seen: Map<string, string>): string {
  const kept = section.split(/\n{2,}/).filter((paragraph) => {
    const key = paragraph.toLowerCase().replace(/\s+/g, ' ').trim();
    // Prose only: without its list or table a sentence such as "It builds on:" leads to nothing.
    if (key.length < shortestRepetition || /^(?:[-*+|>]|```|~~~|\d+[.)]|#)/.test(key)) return true;
    if (seen.has(key)) return false;
    seen.set(key, section);
    return true;
  });
  return kept.join('\n\n');
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
