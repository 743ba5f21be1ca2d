import { clip } from '../language/clip.ts';
import { countHeld, keyWords, sentencesOf } from '../language/words.ts';

/** The sentence of an input that speaks most of the title; no heading, no label, no quotation within a quotation. */
export function quoteInput(text: string, title: string): string {
  const words = keyWords(title);
  const sentences = sentencesOf(text)
    .filter((sentence) => !machinery.test(sentence) && sentence.length > 12)
    .map((sentence) => sentence.replace(/\*\*|^[-*]\s+/g, ''));
  const plain = sentences.filter((sentence) => !/[“”"「」]/.test(sentence));
  const pool =
    plain.length > 0 ? plain : sentences.map((sentence) => sentence.replace(/[“”"]/g, ''));
  const [best] = pool
    .map((sentence, index) => ({ sentence, index, held: countHeld(sentence, words) }))
    .sort((a, b) => b.held - a.held || a.index - b.index);
  return clip(best?.sentence ?? text.replace(/[#*\n]+/g, ' ').trim(), 150);
}

/** Headings, labels, announcements, paths and code: nothing that one text would quote from another. */
const machinery =
  /^\s*(?:#|\*[^*]|```|\||[<{}[]|import |from |def |return |logger|raise |if |export |print)|[:：{;=]$|^[\w./-]+$|^(?:Simulated|Mô phỏng|Văn bản mô phỏng)|模拟(?:内容|文本)|[{}]|" *:/;
