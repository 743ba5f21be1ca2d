import { z } from 'zod';
import { readTag } from '../mind/read-prompt.ts';
import { cutText } from './cut-text.ts';
import type { Damage, Damaged, GivenAnswer } from './damage.ts';
import { smallTalk } from './small-talk.ts';

const verdict = z.looseObject({
  criteria: z.array(z.looseObject({ text: z.string(), met: z.boolean(), evidence: z.string() })),
  defects: z.array(z.looseObject({ task_id: z.string() })),
});
type Verdict = z.infer<typeof verdict>;

const comparison = z.looseObject({
  best: z.string().nullable(),
  scores: z.array(z.looseObject({ label: z.string(), score: z.number() })).min(2),
});

/** Judges and comparers that say nothing usable, or what is not so. */
export const verdictDamages = {
  'judge.prose': ({ message }) => ({ text: smallTalk(readTag(message, 'brief')).opinion }),
  'judge.wrong_shape': (_given, draw) => ({
    text: JSON.stringify(
      draw('shape') < 0.5
        ? { score: 8, max_score: 10, comments: ['clear', 'could be longer'] }
        : { result: { verdict: 'PASS', criteria: { 1: true, 2: 'mostly' } } },
    ),
  }),
  'judge.empty': (_given, draw) => ({ text: draw('blank') < 0.5 ? '' : '{}' }),
  'judge.truncated': ({ text }, draw) => ({ text: cutText(text, draw), cut: true }),
  'judge.without_evidence': (given) =>
    changeVerdict(given, ({ criteria }) => {
      for (const criterion of criteria) Object.assign(criterion, { met: true, evidence: '' });
    }),
  'judge.invented_evidence': (given) =>
    changeVerdict(given, ({ criteria }) => {
      for (const criterion of criteria) {
        const evidence = `The text states that ${criterion.text.replace(/[“”]/g, '')}, as was shown.`;
        Object.assign(criterion, { met: true, evidence });
      }
    }),
  'judge.unknown_task': (given) =>
    changeVerdict(given, ({ defects }) => {
      for (const defect of defects) defect.task_id = `section ${defect.task_id}`;
    }),
  'judge.first_place': ({ text }) => preferFirst(text),
} satisfies Record<string, Damage>;

/** A comparer for whom the place decides, whatever stands there. */
function preferFirst(text: string): Damaged | undefined {
  const read = comparison.safeParse(JSON.parse(text));
  const first = read.data?.scores[0]?.label;
  if (!read.success || first === undefined || read.data.best === first) return undefined;
  const scores = read.data.scores.map((each, place) => ({ ...each, score: 9 - place }));
  return { text: JSON.stringify({ ...read.data, best: first, scores }) };
}

/** A comparer's answer is no verdict and cannot be changed so, and neither can one without what is to be changed. */
function changeVerdict(
  { text }: GivenAnswer,
  change: (verdict: Verdict) => void,
): Damaged | undefined {
  const read = verdict.safeParse(JSON.parse(text));
  if (!read.success) return undefined;
  const before = JSON.stringify(read.data);
  change(read.data);
  const changed = JSON.stringify(read.data);
  return changed === before ? undefined : { text: changed };
}
