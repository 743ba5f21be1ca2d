export type Language = 'en' | 'zh' | 'vi';

const han = /\p{Script=Han}/gu;
const vietnamese = /[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]/giu;

/** Chinese by its characters, Vietnamese by its accents, else English. */
export function detectLanguage(text: string): Language {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return 'en';
  if ((text.match(han)?.length ?? 0) / letters > 0.25) return 'zh';
  const accents = text.normalize('NFC').match(vietnamese)?.length ?? 0;
  return accents / letters > 0.08 ? 'vi' : 'en';
}
