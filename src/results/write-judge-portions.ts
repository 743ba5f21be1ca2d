import { writeTag } from '../protocol/index.ts';
import { cutToTokens, estimateTokens, fitBrief, outputRoom, smallestContext } from './ask-model.ts';
import { describeContradiction } from './check-contradictions.ts';
import type { Contradiction } from './find-contradictions.ts';
import { type Piece, packPieces, sizeOf, splitPiece } from './pack-pieces.ts';
import type { AnsweredTask, JudgeInput, ResultsDeps } from './results.ts';
import { isSynthesised, shownTasks } from './shown-tasks.ts';

export interface JudgeCase {
  input: JudgeInput;
  tasks: readonly AnsweredTask[];
  /** Found by comparing; which side is wrong the judge may see better. */
  contradictions: readonly Contradiction[];
}

/** What a judgement may take at most, in output tokens. */
export const judgeTokens = 6_000;
/** More calls than this per juror would cost more than they tell: beyond, every part is cut alike. */
const mostPortions = 8;
/** Where it is the budget that makes a call small, others have to be paid after this juror. */
const mostPaidPortions = 3;
/** Of a window what the parts may fill: their tags, the criteria and the format stand beside them. */
const windowShare = 0.7;
/** Less is not worth a call of its own: every part is cut to fit one. */
const leastRoom = 400;

/** What a juror is shown in one call: all of the result, or as much as fits. */
export interface Portion {
  prompt: string;
  parts: readonly Piece[];
}

export function writeJudgePortions(
  deps: ResultsDeps,
  judged: JudgeCase,
  order: readonly number[],
): Portion[] {
  const brief = fitBrief(deps, judged.input.commission.brief);
  const told = writeContradictions(judged.contradictions);
  const taken = outputRoom(deps, judgeTokens) + estimateTokens(brief) + estimateTokens(told);
  const context = smallestContext(deps, judgeTokens);
  const left = context - taken;
  const paid = context < smallestContext({ ...deps, callBudget: null }, judgeTokens);
  const groups = divideParts(listParts(judged.input, judged.tasks), {
    most: paid ? mostPaidPortions : mostPortions,
    whole: Math.floor(left * windowShare),
    portion: Math.floor(
      (left - estimateTokens(tellPlace(mostPortions, mostPortions))) * windowShare,
    ),
  });
  return groups.map((parts, index) => ({
    parts,
    prompt: writePrompt(judged, order, {
      ...{ brief, told, parts },
      place: groups.length === 1 ? '' : tellPlace(index + 1, groups.length),
    }),
  }));
}

/** All of them where they fit, else neighbours together; the room is in tokens. */
function divideParts(
  parts: readonly Piece[],
  room: { most: number; whole: number; portion: number },
): Piece[][] {
  const size = parts.reduce((sum, { text }) => sum + estimateTokens(text), 0);
  if (size <= room.whole) return [[...parts]];
  if (room.portion < leastRoom) return [cutParts(parts, room.whole / size)];
  const divided = packParts(parts, room.portion);
  if (divided.length <= room.most) return divided;
  const share = (room.most * room.portion * 0.9) / sizeOf(parts);
  return packParts(cutParts(parts, share), room.portion).slice(0, room.most);
}

function packParts(parts: readonly Piece[], room: number): Piece[][] {
  return packPieces(
    parts.flatMap((part) => splitPiece(part, room)),
    room,
  );
}

function cutParts(parts: readonly Piece[], share: number): Piece[] {
  return parts.map((part) => ({
    ...part,
    text: cutToTokens(part.text, Math.floor(estimateTokens(part.text) * share)),
  }));
}

function tellPlace(place: number, count: number): string {
  return (
    `The result is shown in ${count} portions, and this is portion ${place}. A criterion that this portion does not ` +
    'meet may be met by another: call it unmet here, and name a defect only of a task that is shown here.\n'
  );
}

/**
 * What stands in the result, and nothing else: a quotation from notes that only fed it proves nothing,
 * and of a synthesis it is the text that is judged, not what it was written from.
 */
function listParts(input: JudgeInput, tasks: readonly AnsweredTask[]): Piece[] {
  const shown = shownTasks(tasks);
  if (isSynthesised(shown)) {
    const keys = shown.map((task) => task.key).join(' ');
    return [{ key: keys, title: 'The whole result', text: input.merge.result }];
  }
  return shown.map((task) => ({
    key: task.key,
    title: task.artifactPath ? `${task.title} (${task.artifactPath})` : task.title,
    text: task.output ?? '',
  }));
}

function writePrompt(
  { input }: JudgeCase,
  order: readonly number[],
  shown: { brief: string; told: string; parts: readonly Piece[]; place: string },
): string {
  const { brief, told, parts, place } = shown;
  const sections = parts.map(({ key, title, text }) =>
    writeTag('section', { task: key, title }, text),
  );
  const clarified = input.commission.clarifications
    .map((item) => `Q: ${item.question}\nA: ${item.answer}`)
    .join('\n');
  return [
    writeTag('brief', {}, brief),
    ...(clarified === '' ? [] : [writeTag('clarifications', {}, clarified)]),
    writeTag(
      'criteria',
      {},
      order
        .map((index, place) => `${place + 1}. ${input.commission.criteria[index] ?? ''}`)
        .join('\n'),
    ),
    writeTag('result', {}, sections.join('\n')),
    ...(told === '' ? [] : [told]),
    writeTag(
      'format',
      {},
      place +
        'One JSON object, criteria in the given order, a defect for each unmet one naming the task to mend:\n' +
        (told === '' ? '' : `${onContradictions}\n`) +
        '{"criteria":[{"text":"…","met":true,"evidence":"a sentence of the result, word for word"}],' +
        '"verdict":"pass|partial|fail","defects":[{"task_id":"t1","criterion":"…","fix":"…"}]}',
    ),
  ].join('\n');
}

const mostContradictions = 12;

const onContradictions =
  'The task that a contradiction names first is told to mend it. Where its other side is the wrong one, add a defect naming that one. ' +
  'They were found by comparing words: where both sides can be true at once (of different things, times or options), add ' +
  '"contradictions":[{"number":1,"real":false,"reason":"…"}].';

function writeContradictions(found: readonly Contradiction[]): string {
  if (found.length === 0) return '';
  const lines = found
    .slice(0, mostContradictions)
    .map((item, index) => `${index + 1}. ${describeContradiction(item)}`);
  return writeTag('contradictions', {}, lines.join('\n'));
}
