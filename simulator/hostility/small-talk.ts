import { detectLanguage, type Language } from '../mind/language/detect-language.ts';

interface Talk {
  opening: string;
  closing: string;
  /** A judge or clarifier that talks instead of answering in its shape. */
  opinion: string;
  deny(statement: string): string;
}

const talks: Record<Language, Talk> = {
  en: {
    opening: "Certainly! Here is what you asked for, based on the brief you've provided:",
    closing: "Let me know if you'd like me to adjust anything or go deeper into a point!",
    opinion:
      'Overall this is a solid piece of work. It reads well and covers most of what was asked, although a few points could be clearer. I would rate it 8/10.',
    deny: (statement) => `It is not the case that “${statement}”.`,
  },
  vi: {
    opening: 'Chắc chắn rồi! Dưới đây là nội dung bạn yêu cầu, dựa trên mô tả của bạn:',
    closing: 'Hãy cho tôi biết nếu bạn muốn điều chỉnh hoặc đi sâu hơn vào điểm nào nhé!',
    opinion:
      'Nhìn chung đây là một bài làm tốt, dễ đọc và đáp ứng phần lớn yêu cầu, dù vài điểm còn có thể rõ hơn. Tôi chấm 8/10.',
    deny: (statement) => `Không đúng rằng “${statement}”.`,
  },
  zh: {
    opening: '当然可以！以下是根据您提供的说明整理的内容：',
    closing: '如果您需要调整或进一步展开某个要点，请随时告诉我！',
    opinion:
      '总体来说，这份成果质量不错，条理清楚，基本满足了要求，不过个别要点还可以更明确。我会打 8/10 分。',
    deny: (statement) => `“${statement}”的说法并不成立。`,
  },
};

/** What models say around an answer, in the language of its text. */
export function smallTalk(text: string): Talk {
  return talks[detectLanguage(text)];
}

/** Between what a model says before and after. */
export function surround(text: string): string {
  const { opening, closing } = smallTalk(text);
  return `${opening}\n\n${text}\n\n${closing}`;
}
