/**
 * What a text costs, in tokens: about four ASCII characters each, two of an accented Latin letter
 * (Vietnamese), one of an ideograph. Near the vendors' tokenizers, and off from chars/4 as they are.
 */
export function countTokens(text: string): number {
  let quarters = 0;
  for (const character of text) quarters += quartersOf(character);
  return Math.ceil(quarters / 4);
}

/** The longest beginning of `text` that costs at most `tokens`. */
export function cutTokens(text: string, tokens: number): string {
  let quarters = 0;
  let end = 0;
  for (const character of text) {
    quarters += quartersOf(character);
    if (quarters > tokens * 4) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

/** Consecutive pieces of at least `tokens` each (the last may be smaller), broken before white space where there is any. */
export function splitTokens(text: string, tokens: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > 0) {
    const head = cutTokens(rest, tokens) || rest.slice(0, 2);
    const space = rest.slice(head.length).search(/\s|[\u3000-\u9fff]/u);
    const length = head.length + (space > 0 && space < 40 ? space : 0);
    pieces.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return pieces;
}

function quartersOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  return code < 0x2000 ? 2 : 4;
}
