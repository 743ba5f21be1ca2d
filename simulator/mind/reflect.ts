import type { Turn } from '../wire/wire.ts';
import { clip } from './language/clip.ts';
import { detectLanguage } from './language/detect-language.ts';
import { keyPhrases } from './language/words.ts';
import { readPrompt, readTag } from './read-prompt.ts';

/** What a thinking model shows of its thought: short, and about the prompt. */
export function reflect(turns: readonly Turn[]): string {
  const { role, message } = readPrompt(turns);
  const topic = readTag(message, 'task') || readTag(message, 'brief') || message;
  const phrases = keyPhrases(clip(topic, 600), 3);
  const about = phrases.join(', ');
  switch (detectLanguage(topic)) {
    case 'zh':
      return `（模拟思考）先确定要点：${phrases.join('、')}。再逐条回答，最后检查要求是否都已满足。`;
    case 'vi':
      return `(Suy nghĩ mô phỏng) Xác định các điểm chính: ${about}. Trả lời từng điểm, rồi kiểm tra lại các yêu cầu.`;
    default:
      return `(Simulated thought${role ? ` of the ${role}` : ''}) The points at hand: ${about}. I take them one by one and check what is asked at the end.`;
  }
}
