import { toTitle } from '../language/clip.ts';
import { keyPhrases } from '../language/words.ts';

const polite =
  /^(?:(?:research )?(?:topic|objective|goal|title|subject|task|主题|目标|任务|đề tài|mục tiêu)\s*[:：]|conversely,|however,|therefore,|thus,|[a-z]+ly,|hey|hi|hello|please|also|then|next|finally|lastly|additionally|furthermore|moreover|ideally|if possible|could you|can you|would you|help me|i need you to|i need to|i need|i want to|i want|i'd like to|we need|let's|instead|specifically|in addition|i am [^,.]{1,60},|(?:as an?|combined with|based on|within|given|considering) [^,.]{3,60},)[\s,!.:]*/i;
const verbs =
  'set up|build|create|develop|implement|write|prepare|draft|design|research|investigate|study|analy[sz]e|discuss|describe|explain|compare|evaluate|assess|conduct|perform|collect|summari[sz]e|review|identify|discover|provide|give|include|list|outline|plan|make|save|use|visuali[sz]e|ensure|highlight|suggest|load|train|generate|convert';
const imperative = new RegExp(
  `^(?:(?:${verbs})(?:\\s+(?:and|or)\\s+(?:${verbs}))?)\\b(?:\\s+(?:on|about|into|for|in))?\\s*`,
  'i',
);
const product =
  /^(?:(?:an?|the|this|our|my|your)\s+)?(?:[\w-]+\s+){0,3}(?:report|paper|study|article|analysis|essay|overview|proposal|review|work|section|chapter|part)\s+(?:that (?:explains?|describes?|shows?|covers?)|on|about|of|to discuss|for|into|with)\s+/i;
const question =
  /^(?:what|which|who|whom|how|why|when|where)\s+(?:(?:precisely|exactly|are|is|was|do|does|did|can|could|should|might|may|will|would|constitutes?|might|many|much|we|you|they|these|this|that|findings)\s+)*/i;
const chineseHead =
  /^(?:请|能否|可否|可以|帮我|帮忙|给我|为我|并|我是[^，,]{1,16}[，,]|最后|同时|此外|另外|首先|其次|然后|接着|再|提供|写|撰写|编写|制作|做|收集|整理|分析|研究|评估|介绍|说明|总结|比较|设计|列出|讨论|调研|详细|一下|一份|一篇|一个|关于|以及|如何|什么是|有哪些|目前|现有|当前|[，、\s])+/u;
const vietnameseHead =
  /^(?:hãy|xin|vui lòng|giúp tôi|tôi cần|tôi muốn|chúng tôi cần|cần|viết|lập|soạn|xây dựng|tạo|phân tích|nghiên cứu|mô tả|trình bày|so sánh|đánh giá|đề xuất|giải thích|liệt kê|tổng hợp|bản|bài|báo cáo|kế hoạch chi tiết|về)\s+/iu;

/** The subject of a sentence, as a title: without greeting, imperative, question word and trailing clause. */
export function topicOf(sentence: string, most = 64): string {
  const quoted = /[“"「《'‘]([^“”"「」《》'‘’]{6,120})[”"」》'’]/u.exec(sentence)?.[1];
  if (quoted && /\s|\p{Script=Han}/u.test(quoted.trim()) && !quoted.includes('/'))
    return toTitle(quoted, most);
  // "Key questions arise: what is …?" is about what comes after the colon.
  const asked = sentence.trim().replace(/^[^:：?？]{3,80}[:：]\s+(?=.*[?？]$)/, '');
  const bare = strip(asked);
  const clause = bare
    .split(
      /,(?!\d)|[;:，；：。?？!！(（]|\.(?:\s|$)|(?<=\p{Script=Han}{6})以(?:实现|便|达到)|\s(?:that|which|so that|in order to|such as|considering|using|whose|where)\s/u,
    )[0]
    ?.replace(/^(?:the|an?|any|some|các|những)\s+/i, '')
    .trim();
  if (clause && /\p{Script=Han}{2}|[\p{L}]{3,}/u.test(clause)) return toTitle(clause, most);
  return toTitle(keyPhrases(sentence, 1)[0] ?? sentence, most);
}

function strip(sentence: string): string {
  let text = sentence;
  for (let round = 0; round < 6; round += 1) {
    const before = text;
    for (const head of [polite, imperative, product, question, chineseHead, vietnameseHead]) {
      const rest = text.replace(head, '');
      if (/\p{L}{2}/u.test(rest)) text = rest;
    }
    if (text === before) break;
  }
  return text;
}
