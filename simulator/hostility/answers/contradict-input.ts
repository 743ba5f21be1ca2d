import { sentencesOf } from '../../mind/language/words.ts';
import { readTag, readTags } from '../../mind/read-prompt.ts';
import type { Damage } from '../damage.ts';
import { choose } from '../plans/change-tasks.ts';

/** Of two digits or more, and no part of a name such as `gpt-5.6` or a path. */
const figure = /(?<![A-Za-z\d_.,/-])\d+(?:[.,]\d+)*(?![A-Za-z\d_/-])/g;

/** One number of an input, or of the brief where the inputs have none, is told otherwise. */
export const contradictInput: Damage = ({ message, text, free }, draw) => {
  const [task] = readTags(message, 'task');
  if (!free || !task) return undefined;
  const inputs = readTags(message, 'input').map((input) => input.text);
  const statement =
    choose(inputs.flatMap(statementsIn), draw, 'input') ??
    choose(statementsIn(readTag(message, 'brief')), draw, 'brief');
  if (!statement) return undefined;
  const { number, sentence } = statement;
  const other = changeNumber(number);
  const told = text.replace(figure, (found) => (found === number ? other : found));
  if (told !== text) return { text: told };
  if (task.attributes['kind'] === 'file') return undefined;
  return { text: `${text}\n\n${sentence.replace(number, () => other)}` };
};

function statementsIn(text: string): { number: string; sentence: string }[] {
  return sentencesOf(text)
    .filter((sentence) => !/^\s*[#*|<`]/.test(sentence))
    .flatMap((sentence) =>
      [...sentence.matchAll(figure)]
        .map(([number]) => number)
        .filter((number) => number.length > 1)
        .map((number) => ({ number, sentence: sentence.replace(/^(?:[-*]|\d+[.)])\s+/, '') })),
    )
    .filter(({ number, sentence }) => sentence.includes(number));
}

/** The same number with another first digit: as long, as plausible, and wrong. */
function changeNumber(number: string): string {
  const first = (Number(number.charAt(0)) % 9) + 1;
  return `${first}${number.slice(1)}`;
}
