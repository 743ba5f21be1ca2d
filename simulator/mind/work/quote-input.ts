import { clip } from '../language/clip.ts';
import { countHeld, keyWords, sentencesOf } from '../language/words.ts';
import { isStockPhrase } from '../voice/is-stock-phrase.ts';
import type { Voice } from '../voice/voice.ts';

/** The sentence of an input that speaks most of the title; no heading, no label, no quotation within a quotation; empty where there is none. */
export function quoteInput(text: string, title: string, voice?: Voice): string {
  const words = keyWords(title);
  const sentences = sentencesOf(text)
    .filter((sentence) => !machinery.test(sentence) && sentence.length > 12)
    .filter((sentence) => !quoted.test(sentence))
    .filter((sentence) => voice === undefined || !isStockPhrase(sentence, voice))
    .map((sentence) => sentence.replace(/\*\*|^[-*]\s+/g, ''));
  const plain = sentences.filter((sentence) => !/[“”"「」]/.test(sentence));
  const pool =
    plain.length > 0 ? plain : sentences.map((sentence) => sentence.replace(/[“”"]/g, ''));
  const [best] = pool
    .map((sentence, index) => ({ sentence, index, held: countHeld(sentence, words) }))
    .sort((a, b) => b.held - a.held || a.index - b.index);
  return best ? clip(best.sentence, 150) : '';
}

/** What the input itself quotes from another one. */
const quoted = /^[-*]\s.+[:：]\s?“[^”]*”$/u;

/** Headings, labels, announcements, paths and code: nothing that one text would quote from another. */
const machinery =
  /^\s*(?:#|\*[^*]|```|\||[<{}[]|import |from |def |return |logger|raise |if |export |print)|[:：{;=]$|^[\w./-]+$|^\w+(?:,\w*)+$|^(?:Simulated|Mô phỏng|Văn bản mô phỏng)|模拟(?:内容|文本)|Simulated (?:text )?by|[{}]|" *:|<\/?[a-z!][^>]*>|^(?:Certainly|Let me know|当然|如果您需要|Chắc chắn|Hãy cho tôi biết)/;
