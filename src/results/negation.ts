const negations =
  /\b(?:not|no|never|none|neither|nor|cannot|can't|won't|isn't|wasn't|doesn't|didn't|don't|aren't|weren't|without)\b|(?<!\p{L})(?:không|chưa|chẳng)(?!\p{L})|[不没無无非未]/giu;

/** Whether a text denies what its other words say: an odd number of negations. */
export function isNegative(text: string): boolean {
  return (text.match(negations)?.length ?? 0) % 2 === 1;
}

export function withoutNegations(text: string): string {
  return text.replace(negations, ' ');
}
