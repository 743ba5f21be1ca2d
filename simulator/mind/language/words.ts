import { chineseJoints, stopWords, talkAboutText } from './stop-words.ts';

const hanRun = /\p{Script=Han}+/gu;
const latinWord = /[\p{L}\p{N}][\p{L}\p{N}_.+#/-]*/gu;

/** The sentences of a text, each a verbatim part of it; list items and lines end one as well. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/\n+/)
    .flatMap((line) =>
      line.split(
        /(?<=[。！？；])(?![”’」』）)])|(?<=[?？])\s+|(?<=[.!;]|[.!?]["”’])\s+(?=[\p{Lu}\p{Script=Han}"“'‘`(*_])/u,
      ),
    )
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** Lower-case words that carry the meaning; Chinese runs are cut at the characters that only join. */
export function keyWords(text: string): string[] {
  const lower = text.toLowerCase().normalize('NFC');
  const latin = [...lower.replace(hanRun, ' ').matchAll(latinWord)]
    .map(([word]) => word.replace(/[./-]+$/, ''))
    .filter((word) => (word.length > 2 || /\d/.test(word)) && !stopWords.has(word));
  const chinese = [...lower.matchAll(hanRun)]
    .flatMap(([run]) => run.split(chineseJoints))
    .filter((run) => run.length > 1);
  return [...new Set([...latin, ...chinese])];
}

/** The key words of a criterion, without those that talk about the text itself. */
export function criterionWords(criterion: string): string[] {
  const plain = criterion
    .replace(titlePrefix, '')
    .replace(
      /涵盖|包括|实现|界定|说明|写明|指出|列出|给出|是否|结果|至少|一处|一项|如何|文件/gu,
      '、',
    );
  return keyWords(plain).filter((word) => !talkAboutText.has(word));
}

/** `“Title” …`: which section a criterion of the whole is about. */
export const titlePrefix = /^“([^”]*)”\s*(?:一节须)?/u;

/**
 * The phrases of a text: runs of meaningful words between stop words and punctuation (Rose et al.
 * 2010, RAKE), the weightiest first, in their own spelling.
 */
export function keyPhrases(text: string, most = 6): string[] {
  const found = /\p{Script=Han}{4}/u.test(text) ? chinesePhrases(text) : spacedPhrases(text);
  const seen = new Set<string>();
  const unique = found.filter((phrase) => {
    const key = phrase.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  const heaviest = [...unique].sort((a, b) => weigh(b) - weigh(a)).slice(0, most);
  return unique.filter((phrase) => heaviest.includes(phrase));
}

function spacedPhrases(text: string): string[] {
  const phrases: string[] = [];
  for (const clause of text.split(/[,.;:!?()[\]"“”«»*\n]+(?=\s|$)|[()"“”«»\n]/u)) {
    let run: string[] = [];
    for (const word of [...clause.split(/\s+/), 'the']) {
      const bare = word.replace(/^[^\p{L}\p{N}`]+|[^\p{L}\p{N}`+#]+$/gu, '');
      if (bare !== '' && !stopWords.has(bare.toLowerCase())) {
        run.push(bare);
        continue;
      }
      if (run.length > 0) phrases.push(run.slice(0, 4).join(' '));
      run = [];
    }
  }
  return phrases.filter((phrase) => phrase.length > 3);
}

function chinesePhrases(text: string): string[] {
  return (
    text
      .split(/[^\p{Script=Han}\p{L}\p{N}-]+/u)
      .flatMap((clause) => clause.split(chineseJoints))
      .filter((phrase) => phrase.length > 1)
      // A number of a chapter is no topic.
      .map((phrase) => phrase.replace(/^第[一二三四五六七八九十\d]+[章节条]/u, ''))
      .map((phrase) => phrase.replace(/^(?:收集|整理|分析|评估|提供|详细|介绍|总结|者|包括)+/u, ''))
      .filter((phrase) => phrase.length > 1)
      .map((phrase) => [...phrase].slice(0, 14).join(''))
  );
}

function weigh(phrase: string): number {
  const words = phrase.split(' ').length;
  const named = /\p{Lu}|\d|`/u.test(phrase.slice(1)) ? 1 : 0;
  return Math.min(words, 3) * 2 + named + Math.min(phrase.length, 20) / 20;
}

/** Whether each of these words stands in the text. */
export function holdsAll(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase().normalize('NFC');
  return words.every((word) => lower.includes(word));
}

export function countHeld(text: string, words: readonly string[]): number {
  const lower = text.toLowerCase().normalize('NFC');
  return words.filter((word) => lower.includes(word)).length;
}
