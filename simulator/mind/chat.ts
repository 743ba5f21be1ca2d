import type { Ask } from './ask.ts';
import { clip } from './language/clip.ts';
import { keyPhrases, sentencesOf } from './language/words.ts';
import { voiceOf } from './voice/voice-of.ts';

const literal =
  /(?:reply|answer|respond|say|output|trả lời|hãy nói|请?(?:回答|回复|输出|说))\s*(?:with|in|only|exactly|just|the word|bằng|chỉ|đúng|只|一个词|[:：\s])*["“'‘「]?([\p{L}\p{N}][^"”'’」.!\n。！]{0,60}?)["”'’」]?\s*(?:and nothing else|only|\.|!|。|！|$)/iu;
const sum =
  /(-?\d+(?:\.\d+)?)\s*(\+|-|−|\*|×|x|\/|÷|plus|minus|times|divided by|cộng|trừ|nhân|chia|加|减|乘|除以)\s*(-?\d+(?:\.\d+)?)/i;

/** An ordinary prompt: arithmetic and "reply with X" literally, else a reflection of its own words. */
export function chat(ask: Ask, message: string): string {
  const text = message.trim();
  const calculated = calculate(text);
  if (calculated !== undefined) return calculated;
  const wanted = text.length < 200 ? literal.exec(text)?.[1]?.trim() : undefined;
  if (wanted) return wanted;
  const voice = voiceOf(text);
  const phrases = keyPhrases(clip(text, 1_500), 3);
  const sentence = clip(sentencesOf(text)[0] ?? text, 200).replace(/[“”]/g, '');
  const about = phrases.length > 0 ? phrases : [clip(text, 60)];
  return `${voice.chat(about, sentence)}\n\n${voice.label(ask.author)}`;
}

function calculate(text: string): string | undefined {
  const match = text.length < 120 ? sum.exec(text) : null;
  if (!match) return undefined;
  const [left, right] = [Number(match[1]), Number(match[3])];
  const result = operate(match[2]?.toLowerCase() ?? '', left, right);
  return Number.isFinite(result) ? String(Math.round(result * 1e9) / 1e9) : undefined;
}

function operate(sign: string, left: number, right: number): number {
  if (['+', 'plus', 'cộng', '加'].includes(sign)) return left + right;
  if (['-', '−', 'minus', 'trừ', '减'].includes(sign)) return left - right;
  if (['*', '×', 'x', 'times', 'nhân', '乘'].includes(sign)) return left * right;
  return left / right;
}
