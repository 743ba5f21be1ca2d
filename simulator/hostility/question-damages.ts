import { z } from 'zod';
import { readTag } from '../mind/read-prompt.ts';
import type { Damage, Damaged, GivenAnswer } from './damage.ts';
import { smallTalk } from './small-talk.ts';

const clarification = z.looseObject({
  questions: z.array(z.looseObject({ question: z.string() })).min(1),
});
type Questions = z.infer<typeof clarification>['questions'];

/** Clarifiers that ask in no shape, or more than anybody wants to be asked. */
export const questionDamages = {
  'clarifier.prose': (given) => {
    const questions = readQuestions(given.text);
    const list = questions.map(({ question }, index) => `${index + 1}. ${question}`);
    const { opening, closing } = smallTalk(readTag(given.message, 'brief'));
    return { text: [opening, ...list, closing].join('\n') };
  },
  'clarifier.wrong_shape': (given) =>
    changeQuestions(given, (questions) => questions.map(({ question }) => question)),
  'clarifier.empty': (_given, draw) => ({ text: draw('blank') < 0.5 ? '' : '{}' }),
  'clarifier.without_defaults': (given) =>
    changeQuestions(given, (questions) => questions.map(({ question }) => ({ question }))),
  'clarifier.too_many': (given) =>
    changeQuestions(given, (questions) =>
      Array.from({ length: 12 }, (_, index) => questions[index % questions.length]),
    ),
} satisfies Record<string, Damage>;

function changeQuestions(
  { text }: GivenAnswer,
  change: (questions: Questions) => readonly unknown[],
): Damaged | undefined {
  const questions = readQuestions(text);
  if (questions.length === 0) return undefined;
  return { text: JSON.stringify({ questions: change(questions) }) };
}

function readQuestions(text: string): Questions {
  const read = clarification.safeParse(JSON.parse(text));
  return read.success ? read.data.questions : [];
}
