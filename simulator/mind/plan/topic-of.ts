import { toTitle } from '../language/clip.ts';
import { keyPhrases } from '../language/words.ts';

const polite =
  /^(?:(?:research )?(?:topic|objective|goal|title|subject|task|主题|目标|任务|đề tài|mục tiêu)\s*[:：]|conversely,|however,|therefore,|thus,|[a-z]+ly,|hey|hi|hello|(?:ok(?:ay)?|so|well|basically|and)\b|please|also|then|next|finally|lastly|additionally|furthermore|moreover|ideally|if possible|could you|can you|would you|help me|i need you to|i need to|i need|i want to|i want|i'd like to|we need|let's|instead|specifically|in addition|i am [^,.]{1,60},|(?:as an?|combined with|based on|within|given|considering) [^,.]{3,60},)[\s,!.:]*/i;
const verbs =
  'set up|build|create|return|know|prove|solve|derive|develop|implement|write|prepare|draft|design|research|investigate|study|analy[sz]e|discuss|describe|explain|compare|evaluate|assess|conduct|perform|collect|summari[sz]e|review|identify|discover|provide|give|include|list|outline|plan|make|save|use|visuali[sz]e|ensure|highlight|suggest|load|train|generate|convert';
const imperative = new RegExp(
  `^(?:(?:${verbs})(?:\\s+(?:and|or)\\s+(?:${verbs}))?)\\b(?:\\s+(?:me|us)\\b)?(?:\\s+(?:in an? few \\w+|that))?(?:\\s+(?:on|about|into|for|in))?\\s*`,
  'i',
);
const product =
  /^(?:(?:an?|the|this|our|my|your)\s+)?(?:[\w-]+\s+){0,3}(?:report|paper|study|article|analysis|essay|overview|proposal|review|work|section|chapter|part)\s+(?:that (?:explains?|describes?|shows?|covers?)|on|about|of|to discuss|for|into|with)\s+/i;
const length =
  /(?:\s(?:of|with|in))?(?:\s(?:and )?(?:at most|at least|about|around|up to|no more than)\s\d[\d,.]*\s(?:words|pages|sentences))+\s/gi;
/** A question that loses its sense with its question word, unlike "What are the costs?". */
const wholeQuestion =
  /^(?:and |also,? )?(?:why|how|who|when|where|is|are|does|do|did|can|could|should|will|which of|what (?:do|does|did|can|could|should|will|would|happens?|if))\b.*[?？]$/is;
const audience = /^to (?:an?|the|my|our|your) [\w -]{3,40}? (?=why|how|what|that)/i;
const question =
  /^(?:what|which|who|whom|how|why|when|where)\s+(?:(?:precisely|exactly|are|is|was|do|does|did|can|could|should|might|may|will|would|constitutes?|might|many|much|we|you|they|these|this|that|findings)\s+)*/i;
const chineseHead =
  /^(?:请|能否|可否|可以|帮我|帮忙|给我|为我|并|我是[^，,]{1,16}[，,]|最后|同时|此外|另外|首先|其次|然后|接着|再|提供|写|撰写|编写|制作|做|收集|整理|分析|研究|评估|介绍|说明|总结|比较|设计|列出|讨论|调研|详细|一下|一份|一篇|一个|关于|以及|如何|什么是|有哪些|目前|现有|当前|[，、\s])+/u;
const vietnameseHead =
  /^(?:hãy|xin|vui lòng|giúp tôi|tôi cần|tôi muốn|chúng tôi cần|cần|viết|lập|soạn|xây dựng|tạo|phân tích|nghiên cứu|mô tả|trình bày|so sánh|đánh giá|đề xuất|giải thích|liệt kê|tổng hợp|bản|bài|báo cáo|kế hoạch chi tiết|về)\s+/iu;

/** The subject of a sentence, as a title: without greeting, imperative, question word and trailing clause. */
export function topicOf(sentence: string, most = 90): string {
  if (wholeQuestion.test(sentence.trim()) && sentence.length <= most) {
    return toTitle(sentence.trim().replace(/^and\s+/i, ''), most);
  }
  const isSaid = /\b(?:said|says|told|asked)\b/i.test(sentence);
  const quoted = isSaid
    ? undefined
    : /[“"「《'‘]([^“”"「」《》'‘’]{6,160})[”"」》'’]/u.exec(sentence)?.[1];
  if (quoted && /\s|\p{Script=Han}/u.test(quoted.trim()) && !quoted.includes('/'))
    return toTitle(quoted, most);
  // "Key questions arise: what is …?" is about what comes after the colon.
  const asked = sentence
    .trim()
    .replace(length, ' ')
    .replace(/^[^:：?？]{3,80}[:：]\s+(?=.*[?？]$)/, '');
  const clause = headOf(strip(asked), most)
    .replace(/^(?:the|an?|any|some|các|những)\s+/i, '')
    .trim();
  if (clause && /\p{Script=Han}{2}|[\p{L}]{3,}/u.test(clause)) return toTitle(clause, most);
  return toTitle(keyPhrases(sentence, 1)[0] ?? sentence, most);
}

/** Whether a sentence tells somebody to make something. */
export function isAsking(sentence: string): boolean {
  let text = sentence;
  for (let round = 0; round < 3; round += 1) text = text.replace(polite, '');
  return imperative.test(text) || chineseHead.test(text) || vietnameseHead.test(text);
}

/** Up to the first mark or word that begins a clause; what is enumerated stays together where it fits. */
function headOf(bare: string, most: number): string {
  const [clause = ''] = bare.split(
    /,(?!\d)|[;:，；：。?？!！(（]|\.(?:\s|$)|(?<=\p{Script=Han}{6})以(?:实现|便|达到)|\s(?:that|which|so that|in order to|such as|considering|using|whose|where)\s/u,
  );
  const enumerated = /^(?:, [^,.;:(]{2,40})+,? (?:and|or) [^,.;:(]{2,40}/.exec(
    bare.slice(clause.length),
  )?.[0];
  const whole = clause + (enumerated ?? '');
  return whole.length <= most ? whole : clause;
}

const heads = [polite, imperative, audience, product, question, chineseHead, vietnameseHead];

function strip(sentence: string): string {
  let text = sentence;
  for (let round = 0; round < 6; round += 1) {
    const before = text;
    for (const head of heads) {
      const rest = text.replace(head, '');
      if (/\p{L}{2}/u.test(rest)) text = rest;
    }
    if (text === before) break;
  }
  return text;
}
