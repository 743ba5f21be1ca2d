import { clip, toTitle } from '../language/clip.ts';
import { lowerFirst } from '../language/lower-first.ts';
import { keyPhrases, sentencesOf, titlePrefix } from '../language/words.ts';
import { cleanBrief } from '../plan/clean-brief.ts';
import { topicOf } from '../plan/topic-of.ts';
import { readLines, readTag, readTags } from '../read-prompt.ts';
import type { Subject, Voice } from '../voice/voice.ts';
import { voiceOf } from '../voice/voice-of.ts';

export interface GivenInput {
  title: string;
  text: string;
}

/** What a worker was told, read from its prompt. */
export interface Commission {
  title: string;
  kind: string;
  path: string;
  instruction: string;
  criteria: string[];
  inputs: GivenInput[];
  /** Whether an earlier answer was sent back. */
  again: boolean;
  /**
   * Criteria of the whole that it was found to miss. A statement that was wrong, an end that broke off or
   * a damaged file needs no word: the text is written anew.
   */
  rework: string[];
  subject: Subject;
  voice: Voice;
}

export function readCommission(message: string): Commission {
  const [task] = readTags(message, 'task');
  const brief = readTag(message, 'brief');
  const instruction = (task?.text ?? (brief || message)).trim();
  const title = toTitle(task?.attributes['title'] || topicOf(instruction), 120);
  const voice = voiceOf(instruction || brief);
  const defects = readLines(readTag(message, 'rework'));
  return {
    title,
    kind: task?.attributes['kind'] ?? 'section',
    path: task?.attributes['path'] ?? '',
    instruction,
    criteria: readLines(readTag(message, 'acceptance')),
    inputs: foreignInputs(message, task?.attributes['title']).map((input) => ({
      title: input.attributes['title'] ?? input.attributes['task'] ?? '',
      text: input.text,
    })),
    again: defects.length > 0,
    rework: defects
      .map(splitDefect)
      .filter(({ criterion, fix }) => titlePrefix.test(criterion) && !correction.test(fix))
      .map(({ criterion }) => criterion.replace(titlePrefix, '')),
    subject: findSubject({ title, instruction, brief, voice }),
    voice,
  };
}

/** Names the wrong statement and the right one. */
const correction = /^Instead of “/;

/** Whether it was told which of its statements was wrong. */
export function isCorrected(message: string): boolean {
  const defects = readLines(readTag(message, 'rework')).map(splitDefect);
  return defects.some(({ fix }) => correction.test(fix));
}

/** With rework comes the task's own former answer: nothing that a text would build on, or contradict. */
export function foreignInputs(message: string, title: string | undefined) {
  return readTags(message, 'input').filter((input) => input.attributes['title'] !== title);
}

/** `criterion: fix`. */
function splitDefect(line: string): { criterion: string; fix: string } {
  // A title may hold a colon of its own.
  const parts = /^((?:“[^”]*”)?.+?)[:：]\s+(\S.*)$/u.exec(line);
  return { criterion: parts?.[1] ?? line, fix: parts?.[2] ?? '' };
}

const leastSentence = 12;

/** The brief's words are what an instruction quotes; of one that quotes nothing they are the brief's first. */
function findSubject(told: {
  title: string;
  instruction: string;
  brief: string;
  voice: Voice;
}): Subject {
  const { title, instruction, brief, voice } = told;
  const quoted = [...instruction.matchAll(/“([^”]+)”/g)].map(([, text = '']) => text).join(' ');
  const sentence = findSentence(quoted || cleanBrief(brief).text || instruction);
  const bare = lowerFirst(
    title.replace(/^(?:notes on|资料整理：|ghi chép về|file|tệp|文件)\s*/iu, ''),
  );
  const focus = clause.test(bare) && !bare.includes('"') ? `"${bare}"` : bare;
  const others = keyPhrases(quoted || sentence, 6).filter(
    (phrase) =>
      !title.toLowerCase().includes(phrase.toLowerCase()) &&
      !phrase.toLowerCase().includes(title.toLowerCase()) &&
      !/[“”"<>`]/.test(phrase),
  );
  const [other, third] = [...others, ...voice.section.otherwise];
  return {
    title,
    focus,
    other: other ?? focus,
    third: third ?? focus,
    sentence: sentence.replace(
      /(?<![.!?。！？]["”’)）]?)$/u,
      /\p{Script=Han}/u.test(sentence) ? '。' : '.',
    ),
  };
}

/** A question or a clause stands in a sentence only between marks. */
const clause =
  /^(?:is|are|do|does|did|can|could|should|will|why|how|who|what|when|where|which|whether|if|to|in|close|end) /i;

/** The first sentence that tells something. No greeting: “Hey!” is the first sentence of some briefs. */
function findSentence(source: string): string {
  const sentences = sentencesOf(source).map((each) => each.replace(/^[#>*\-\s]+/, ''));
  const telling = sentences.find((each) => each.length >= leastSentence) ?? sentences[0];
  return clip(telling ?? source, 220)
    .replace(/[“”]/g, '')
    .replace(/[,，;；:：]$/, '');
}
