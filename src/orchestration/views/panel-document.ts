import { z } from 'zod';
import type { Task } from '../../queue/index.ts';
import type { PanelDocument } from '../documents.ts';

const score = z.number().nullable();
const lines = z.array(z.string());
const finding = z.object({
  kind: z.literal('panel'),
  route: z.string(),
  picked: z.string().nullable(),
  votes: z.object({ families: z.number(), supporters: z.number() }),
  baseline: z.object({
    task_id: z.string(),
    model: z.string(),
    score,
    preferred: z.enum(['panel', 'baseline', 'tie', 'same']).nullable(),
  }),
  scores: z.array(z.object({ task_id: z.string(), model: z.string(), score })),
  consensus: lines,
  contradictions: lines,
  partial_coverage: lines,
  unique: lines,
  blind_spots: lines,
});

/** What a panel found out; `null` for any other task, and while it compares. */
export function panelDocument(task: Task): PanelDocument | null {
  const read = finding.safeParse(task.outputMeta?.finding);
  if (!read.success) return null;
  const { kind: _, votes, scores, ...panel } = read.data;
  return { ...panel, ...votes, members: scores };
}
