import { clip, toTitle } from '../language/clip.ts';
import { keyPhrases, sentencesOf } from '../language/words.ts';
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
  /** Defects to mend; empty on the first try. */
  rework: { criterion: string; fix: string }[];
  subject: Subject;
  voice: Voice;
}

export function readCommission(message: string): Commission {
  const [task] = readTags(message, 'task');
  const brief = readTag(message, 'brief');
  const instruction = (task?.text ?? (brief || message)).trim();
  const title = toTitle(task?.attributes['title'] || topicOf(instruction), 100);
  const voice = voiceOf(instruction || brief);
  return {
    title,
    kind: task?.attributes['kind'] ?? 'section',
    path: task?.attributes['path'] ?? '',
    instruction,
    criteria: readLines(readTag(message, 'acceptance')),
    inputs: readTags(message, 'input').map((input) => ({
      title: input.attributes['title'] ?? input.attributes['task'] ?? '',
      text: input.text,
    })),
    rework: readLines(readTag(message, 'rework')).map(splitDefect),
    subject: findSubject(title, instruction),
    voice,
  };
}

/** `criterion: fix`; a criterion may hold colons itself, so the last one parts them. */
function splitDefect(line: string): { criterion: string; fix: string } {
  const parts = /^(.*\S)\s*[:：]\s+(\S.*)$/u.exec(line);
  return { criterion: parts?.[1] ?? line, fix: parts?.[2] ?? line };
}

/** The brief's words are what stands between quotation marks; else the instruction itself. */
function findSubject(title: string, instruction: string): Subject {
  const quoted = [...instruction.matchAll(/“([^”]+)”/g)].map(([, text = '']) => text).join(' ');
  const words = quoted || instruction;
  const focus =
    /^\p{Lu}\p{Ll}+\b/u.test(title) && !/^\p{Lu}\S*\s\p{Lu}/u.test(title)
      ? title.charAt(0).toLowerCase() + title.slice(1)
      : title;
  const others = keyPhrases(words, 6).filter(
    (phrase) => !title.toLowerCase().includes(phrase.toLowerCase()) && !/[“”"<>]/.test(phrase),
  );
  const sentence = clip(sentencesOf(words)[0] ?? words, 220).replace(/[“”]/g, '');
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
