import { clipPhrase } from '../language/clip.ts';
import { chooseAngle } from './choose-angle.ts';
import type { FileAsk } from './find-files.ts';
import { addFile } from './plan-files.ts';
import { type Planning, wholeCriteria } from './plan-report.ts';
import { createDraft, type Draft, type Plan } from './planned-task.ts';

/** Approach → sources → what uses them → what runs them → what they produce → how to run it. */
export function planProject({ seed, voice, outline }: Planning): Plan {
  const words = voice.plan;
  const draft = createDraft();
  const paths = outline.files.map((file) => file.path);
  const limits = outline.constraints.map((text) => `“${text}”`).join(' ');
  const approach = draft.add({
    title: words.approachTitle,
    instruction: `${words.approach(outline.topic, voice.join(paths))} ${limits}`.trim(),
    kind: 'section',
    deps: [],
    acceptance: [words.approachCriterion(voice.join(paths))],
    max_tokens: 900,
  });
  const last = addStages(draft, {
    files: outline.files,
    approach,
    planning: { seed, voice, outline },
  });
  for (const item of outline.items) {
    draft.add({
      title: item.title,
      instruction: words.extra(item.sentence),
      kind: 'section',
      deps: [{ id: approach, uses: words.uses.scope }, ...last.slice(0, 2)],
      acceptance: [
        words.coversCriterion(voice.join(item.phrases.slice(0, 3))),
        chooseAngle(seed, voice, item.title).criterion(clipPhrase(item.title, 60)),
      ],
      max_tokens: 900,
    });
  }
  const files = draft.tasks.filter((task) => task.kind === 'file').slice(-12);
  draft.add({
    title: words.runTitle,
    instruction: words.run(voice.join(paths)),
    kind: 'section',
    deps: files.map((task) => ({ id: task.id, uses: words.uses.file(task.path ?? '') })),
    acceptance: [words.runCriterion],
    max_tokens: 900,
  });
  return { criteria: wholeCriteria(draft, words), tasks: draft.tasks, single: null };
}

/** A stage's files wait for those of the nearest stage before it that has any. */
function addStages(
  draft: Draft,
  plan: { files: readonly FileAsk[]; approach: string; planning: Planning },
): { id: string; uses: string }[] {
  const words = plan.planning.voice.plan;
  const root = { id: plan.approach, uses: words.uses.scope };
  let before = [root];
  const inOrder = [...plan.files].sort((a, b) => stageOf(a.path) - stageOf(b.path));
  for (const stage of [1, 2, 3, 4, 5, 6]) {
    const added = inOrder
      .filter((file) => stageOf(file.path) === stage)
      .map((file) => ({
        id: addFile(draft, { file, voice: plan.planning.voice, deps: before.slice(0, 6) }),
        uses: words.uses.file(file.path),
      }));
    if (added.length > 0) before = added;
  }
  return before;
}

const stages: readonly (readonly [stage: number, pattern: RegExp])[] = [
  [6, /readme|report|\.(pdf|docx|pptx|ipynb|md)$/i],
  [
    5,
    /^(results?|outputs?|figures?)\/|\.(png|jpe?g|gif|svg|pt|pth|pkl|joblib|h5|onnx|npz?|log)$|(^|\/)tests?\/|test_|\.test\./i,
  ],
  [4, /(^|\/)(main|app|cli|index|server|dashboard)\.|frontend|render|visuali[sz]/i],
  [3, /train|eval|predict|backend|pipeline|service|alerts?|rules?|api|handler|run/i],
  [1, /config|settings|requirements|model|data|load|schema|types|constants|parser|util/i],
];

function stageOf(path: string): number {
  return stages.find(([, pattern]) => pattern.test(path))?.[0] ?? 2;
}
