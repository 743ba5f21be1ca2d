import { sentencesOf } from '../../mind/language/words.ts';
import { readTag, readTags } from '../../mind/read-prompt.ts';
import { foreignInputs, isCorrected } from '../../mind/work/commission.ts';
import { quoteInput } from '../../mind/work/quote-input.ts';
import type { Damage } from '../damage.ts';
import { choose } from '../plans/change-tasks.ts';
import { smallTalk } from '../small-talk.ts';

/** Of two digits or more, and no part of a name such as `gpt-5.6` or a path. */
const figure = /(?<![A-Za-z\d_.,/-])\d+(?:[.,]\d+)*(?![A-Za-z\d_/-])/g;

/**
 * One number of an input, or of the brief where the inputs have none, is told otherwise; where there
 * is no number at all, a sentence of an input is denied. Whoever was told of one does not say it again.
 */
export const contradictInput: Damage = (given, draw) => {
  const { message, text, free } = given;
  const [task] = readTags(message, 'task');
  if (!free || !task || isCorrected(message)) return undefined;
  const inputs = foreignInputs(message, task.attributes['title']).map((input) => input.text);
  const statement =
    choose(inputs.flatMap(statementsIn), draw, 'input') ??
    choose(statementsIn(readTag(message, 'brief')), draw, 'brief');
  const told = statement ? retell(text, statement) : text;
  if (told !== text) return { text: told };
  if (task.attributes['kind'] === 'file') return undefined;
  if (statement)
    return {
      text: `${text}\n\n${endSentence(retell(statement.sentence, statement))}`,
    };
  const input = choose(inputs, draw, 'denied');
  if (input === undefined) return undefined;
  const denied = quoteInput(input, task.attributes['title'] ?? '').replace(/[.。]$/, '');
  if (denied === '') return undefined;
  return { text: `${text}\n\n${smallTalk(denied).deny(denied)}` };
};

/** A heading or an entry of a list is no sentence yet. */
function endSentence(text: string): string {
  return `${text.replace(/\s*[:：,，;；]$/, '')}.`.replace(/(?<=[.!?。！？])\.$/, '');
}

interface Statement {
  number: string;
  sentence: string;
}

function retell(text: string, { number }: Statement): string {
  return text.replace(figure, (found) => (found === number ? changeNumber(number) : found));
}

function statementsIn(text: string): Statement[] {
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
