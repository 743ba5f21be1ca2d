/** Words that hold a sign of negation and deny nothing: 未来 is the future, 非常 is very, không gian is space. */
const negations = new RegExp(
  [
    String.raw`\b(?:not(?!\s(?:only|just|least)\b)|no(?!\.|\s(?:less|more|fewer|later|matter|doubt)\b)|never|none|neither|nor|cannot|without)\b`,
    String.raw`\b(?:ca|wo|is|was|does|did|do|are|were|has|have|had|should|would|could)n['’]t\b`,
    String.raw`(?<!\p{L})(?<!hàng\s)không(?!\p{L})(?!\s(?:chỉ|những|gian|khí|quân|trung))|(?<!\p{L})(?:chưa|chẳng)(?!\p{L})`,
    '不(?![仅但只断同管论过久少错止锈])',
    '没(?!收)|未(?![来必])',
    '(?:並|并|绝|絕)非|(?:毫|并|並|均)?[无無](?=[法需须須权權效关關任])|毫[无無]',
  ].join('|'),
  'giu',
);

/** Whether a text denies what its other words say: an odd number of negations. */
export function isNegative(text: string): boolean {
  return (text.match(negations)?.length ?? 0) % 2 === 1;
}

export function withoutNegations(text: string): string {
  return text.replace(negations, ' ');
}
