/** A name or two in another script changes no language. */
const share = 0.04;

/** Which of the languages that Headrace writes a word in itself: English stands for all others. */
export function languageOf(text: string): 'en' | 'vi' | 'zh' {
  const letters = count(text, /\p{L}/gu);
  if (count(text, /\p{Script=Han}/gu) > letters * share) return 'zh';
  const marked = count(text, /[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủũứừửữựỳỷỹỵ]/giu);
  return marked > letters * share ? 'vi' : 'en';
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
