import { clip, toTitle } from '../language/clip.ts';
import { lowerFirst } from '../language/lower-first.ts';
import { keyPhrases, sentencesOf, titlePrefix } from '../language/words.ts';
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
  /** What is to be added to it. A statement that was wrong needs no word: the text is written anew. */
  rework: string[];
  subject: Subject;
  voice: Voice;
}

export function readCommission(message: string): Commission {
  const [task] = readTags(message, 'task');
  const brief = readTag(message, 'brief');
  const instruction = (task?.text ?? (brief || message)).trim();
  const title = toTitle(task?.attributes['title'] || topicOf(instruction), 100);
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
      .filter(({ fix }) => !correction.test(fix))
      .map(({ criterion }) => criterion),
    subject: findSubject(title, instruction, brief),
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
  const parts = /^(.+?)[:：]\s+(\S.*)$/u.exec(line);
  const criterion = (parts?.[1] ?? line).replace(titlePrefix, '');
  return { criterion, fix: parts?.[2] ?? '' };
}

const leastSentence = 12;

/** The brief's words are what an instruction quotes; one that quotes nothing is no part of the brief. */
function findSubject(title: string, instruction: string, brief: string): Subject {
  const quoted = [...instruction.matchAll(/“([^”]+)”/g)].map(([, text = '']) => text).join(' ');
  const words = quoted || instruction;
  const focus = lowerFirst(
    title.replace(/^(?:notes on|资料整理：|ghi chép về|file|tệp|文件)\s*/iu, ''),
  );
  const others = keyPhrases(words, 6).filter(
    (phrase) => !title.toLowerCase().includes(phrase.toLowerCase()) && !/[“”"<>]/.test(phrase),
  );
  const source = quoted || brief || instruction;
  const sentences = sentencesOf(source);
  // No greeting: “Hey!” is the first sentence of some briefs.
  const telling = sentences.find((each) => each.length >= leastSentence) ?? sentences[0];
  const sentence = clip(telling ?? source, 220).replace(/[“”]/g, '');
  return {
    title,
    focus,
    other: others[0] ?? focus,
    third: others[1] ?? others[0] ?? focus,
    sentence: sentence.replace(
      /([^.!?。！？])$/u,
      /\p{Script=Han}/u.test(sentence) ? '$1。' : '$1.',
    ),
  };
}
