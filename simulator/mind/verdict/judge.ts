import { clip } from '../language/clip.ts';
import {
  countHeld,
  criterionWords,
  holdsAll,
  sentencesOf,
  titlePrefix,
} from '../language/words.ts';
import { readLines, readTag, readTags } from '../read-prompt.ts';
import { voiceOf } from '../voice/voice-of.ts';

interface Section {
  task: string;
  title: string;
  text: string;
}

/** Each criterion is met where its key words stand, and the sentence that holds most of them is quoted. */
export function judge(message: string): string {
  const criteria = readLines(readTag(message, 'criteria') || readTag(message, 'acceptance'));
  const sections = readSections(message);
  const judged = criteria.map((criterion) => judgeCriterion(criterion, sections));
  const unmet = judged.filter(({ met }) => !met);
  const verdict = unmet.length === 0 ? 'pass' : unmet.length < criteria.length ? 'partial' : 'fail';
  return JSON.stringify({
    criteria: judged.map(({ text, met, evidence }) => ({ text, met, evidence })),
    verdict,
    defects: unmet.map(({ text, section }) => ({
      task_id: section?.task ?? '',
      criterion: text,
      fix: voiceOf(text).fixFor(text.replace(titlePrefix, ''), section?.title ?? ''),
    })),
  });
}

function readSections(message: string): Section[] {
  const sections = readTags(message, 'section').map(({ attributes, text }) => ({
    task: attributes['task'] ?? '',
    title: attributes['title'] ?? '',
    text,
  }));
  if (sections.length > 0) return sections;
  return [{ task: '', title: '', text: readTag(message, 'result') || message }];
}

function judgeCriterion(criterion: string, sections: readonly Section[]) {
  const named = titlePrefix.exec(criterion)?.[1]?.toLowerCase();
  const owner = named === undefined ? undefined : findOwner(sections, named);
  const words = criterionWords(criterion);
  const candidates = owner ? [owner] : orderByShown(sections);
  const holder = candidates.find((section) => holdsAll(`${section.title}\n${section.text}`, words));
  if (holder)
    return { text: criterion, met: true, evidence: quote(holder, words), section: holder };
  // A criterion of the whole may be met by several sections together.
  const all = sections.map(({ title, text }) => `${title}\n${text}`).join('\n');
  const nearest = owner ?? nearestSection(sections, words);
  const met = owner === undefined && words.length > 4 && holdsAll(all, words);
  return {
    text: criterion,
    met,
    evidence: met && nearest ? quote(nearest, words) : '',
    section: nearest,
  };
}

/** By its whole title, or by the path of a file in it. */
function findOwner(sections: readonly Section[], named: string): Section | undefined {
  const whole = sections.find(({ title }) => title.toLowerCase() === named);
  return whole ?? sections.find(({ title }) => title.toLowerCase().endsWith(`(${named})`));
}

/** Notes feed other sections and do not stand in the result, so that a quotation from them proves nothing. */
function orderByShown(sections: readonly Section[]): Section[] {
  const isNote = ({ title }: Section) => /^(notes on|资料整理|ghi chép)/i.test(title);
  return [...sections.filter((section) => !isNote(section)), ...sections.filter(isNote)];
}

function nearestSection(
  sections: readonly Section[],
  words: readonly string[],
): Section | undefined {
  return orderByShown(sections)
    .map((section, index) => ({
      section,
      index,
      held: 2 * countHeld(section.title, words) + countHeld(section.text, words),
    }))
    .sort((a, b) => b.held - a.held || a.index - b.index)[0]?.section;
}

/** A verbatim part of the section: at most 240 characters of its best sentence. */
function quote(section: Section, words: readonly string[]): string {
  // The words of its title stand everywhere in a section and prove nothing.
  const telling = words.filter((word) => !section.title.toLowerCase().includes(word));
  const sentences = sentencesOf(section.text).filter(
    (sentence) => !/^\s*#|^\*[^*].*\*$|^```/.test(sentence) && sentence.length > 8,
  );
  const [best] = sentences
    .map((sentence, index) => ({
      sentence,
      index,
      held: countHeld(sentence, words) + 2 * countHeld(sentence, telling),
    }))
    .sort((a, b) => b.held - a.held || a.index - b.index);
  const plain = (best?.sentence ?? section.text.trim()).replace(/^[-*]\s+/, '');
  return plain.length <= 240 ? plain : clip(plain, 240);
}
