import { reflect } from '../../mind/reflect.ts';
import { countTokens } from '../../tokens.ts';
import { cutText } from '../cut-text.ts';
import type { Damage, Damaged, GivenAnswer } from '../damage.ts';
import { surround } from '../small-talk.ts';
import { contradictInput } from './contradict-input.ts';

/** Answers that nobody should take as they are. */
export const answerDamages = {
  'answer.missed_criterion': (given) => {
    const text = given.withoutCriterion();
    return text === given.text ? undefined : { text };
  },
  'answer.contradiction': contradictInput,
  'answer.thinking': (given, draw) => {
    const thought = reflect([{ role: 'user', text: given.message }]);
    const opened = draw('opened') < 0.5 ? '<think>\n' : '';
    return { text: `${opened}${thought}\n</think>\n\n${given.text}` };
  },
  'answer.empty': (_given, draw) => ({ text: draw('blank') < 0.5 ? '' : ' \n' }),
  'answer.truncated': (given, draw) => ({ text: cutText(given.text, draw), cut: true }),
  'answer.overlong': repeatEnd,
  'answer.fenced': ({ text }) => ({ text: `\`\`\`markdown\n${text}\n\`\`\`` }),
  'answer.chatter': ({ text }) => ({ text: surround(text) }),
} satisfies Record<string, Damage>;

/** A model that fell into a loop repeats its last paragraph until its cap; without one, some forty times. */
function repeatEnd({ text, room }: GivenAnswer): Damaged {
  const last = `\n\n${text.split(/\n{2,}/).at(-1) ?? text}`;
  const left = Math.max(0, Math.min(room, 8_000) - countTokens(text));
  const times = Math.min(40, Math.ceil(left / Math.max(1, countTokens(last))) + 1);
  return { text: text + last.repeat(times), cut: true };
}
