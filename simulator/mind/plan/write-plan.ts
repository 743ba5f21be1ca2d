import { z } from 'zod';
import { detectLanguage } from '../language/detect-language.ts';
import { criterionWords, sentencesOf } from '../language/words.ts';
import { readTag } from '../read-prompt.ts';
import { voiceOf } from '../voice/voice-of.ts';
import { heedAnswers } from './heed-answers.ts';
import type { Outline } from './outline.ts';
import { outlineBrief } from './outline-brief.ts';
import { planProject } from './plan-project.ts';
import { type Planning, planReport } from './plan-report.ts';
import { createDraft, type Plan } from './planned-task.ts';

const codeFile = /\.(py|js|mjs|tsx?|jsx|java|go|rs|c|cpp|sql|sh|r|ipynb)$/i;

/** The plan as NDJSON; where a part of it was accepted before, only what is missing. */
export function writePlan(seed: string, message: string): string {
  const brief = readTag(message, 'brief').trim() || message;
  const plan = heedAnswers(
    boundPlan(seed, brief, readTag(message, 'format')),
    readTag(message, 'clarifications'),
    voiceOf(brief),
  );
  const accepted = readAccepted(readTag(message, 'plan_so_far'));
  const lines = [
    ...(accepted.criteria ? [] : [{ criteria: plan.criteria }]),
    ...plan.tasks.filter((task) => !accepted.ids.has(task.id)),
    {
      end: true,
      count: plan.tasks.length,
      single: plan.single,
      ...(plan.order ? { order: plan.order } : {}),
    },
  ];
  return lines.map((line) => JSON.stringify(line)).join('\n');
}

/** The plan within the bounds that the format states: how many tasks, and how long all answers together. */
function boundPlan(seed: string, brief: string, format: string): Plan {
  const most = Number(/At most (\d+) tasks/.exec(format)?.[1] ?? Number.POSITIVE_INFINITY);
  const tokens = Number(/together at most (\d+)/.exec(format)?.[1] ?? Number.POSITIVE_INFINITY);
  let plan = planBrief(seed, brief);
  for (let items = 12; plan.tasks.length > most && items > 1; items -= 1) {
    plan = planBrief(seed, brief, items);
  }
  const wanted = plan.tasks.reduce((sum, task) => sum + task.max_tokens, 0);
  const share = Math.min(1, tokens / wanted);
  const tasks = plan.tasks.map((task) => ({
    ...task,
    max_tokens: Math.max(1, Math.floor(task.max_tokens * share)),
  }));
  return { ...plan, tasks };
}

export function planBrief(seed: string, brief: string, mostItems = 22): Plan {
  const voice = voiceOf(brief);
  const outline = outlineBrief(brief, mostItems);
  const planning: Planning = { seed, voice, outline };
  if (isTrivial(brief, outline)) return planSingle(planning, brief);
  const isProject = outline.files.some((file) => codeFile.test(file.path));
  return isProject ? planProject(planning) : planReport(planning);
}

const large =
  /report|research|analy|study|paper|survey|system|project|plan\b|compar|develop|guide|app\b|market|报告|研究|收集|分析|设计|方案|计划|调研|系统|báo cáo|nghiên cứu|phân tích|hệ thống|kế hoạch|khảo sát/i;

/** Nobody can write a stanza without the others. */
const undivided =
  /^[^.\n]{0,40}\b(?:poem|haiku|sonnet|limerick|song|lyrics|joke|slogan|toast|translate|translation)\b|^.{0,12}(?:诗|歌词|笑话|翻译)/i;

/** One short sentence that asks for no large thing. */
function isTrivial(brief: string, outline: Outline): boolean {
  if (undivided.test(brief.trim()) && brief.length < 1_000 && !outline.structured) return true;
  if (outline.files.length > 1 || outline.structured || sentencesOf(brief).length > 1) return false;
  const han = detectLanguage(brief) === 'zh';
  const size = han ? brief.trim().length : brief.trim().split(/\s+/).length;
  return size <= (han ? 24 : 16) && !large.test(brief);
}

function planSingle({ voice, outline }: Planning, brief: string): Plan {
  const words = voice.plan;
  const draft = createDraft();
  const file = outline.files[0];
  const plain = criterionWords(brief).slice(0, 3);
  draft.add({
    title: outline.topic,
    instruction: brief.trim(),
    kind: file ? 'file' : 'section',
    deps: [],
    acceptance: [words.coversCriterion(voice.join(plain.length > 0 ? plain : [outline.topic]))],
    max_tokens: 1000,
    ...(file ? { path: file.path } : {}),
  });
  const criteria = draft.tasks.map((task) => words.whole(task.title, task.acceptance[0] ?? ''));
  return { criteria, tasks: draft.tasks, single: words.singleReason };
}

const acceptedLine = z.union([
  z.looseObject({ criteria: z.array(z.string()) }),
  z.looseObject({ id: z.string() }),
]);

function readAccepted(text: string): { criteria: boolean; ids: Set<string> } {
  const ids = new Set<string>();
  let criteria = false;
  for (const line of text.split('\n')) {
    const parsed = acceptedLine.safeParse(parseLine(line));
    if (!parsed.success) continue;
    if ('criteria' in parsed.data) criteria = true;
    if ('id' in parsed.data && typeof parsed.data.id === 'string') ids.add(parsed.data.id);
  }
  return { criteria, ids };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
