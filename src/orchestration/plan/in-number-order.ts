const numbered = /^(\D*)(\d+)(-\d+)?$/;

/**
 * Keys as they were written, or by their numbers where those do not ascend: a line that was damaged and
 * asked for again comes behind all others, and a planner that shuffled its lines has numbered them.
 * A copy (`t4-2`) is a line of a number that was taken, so that its own says nothing of its place.
 */
export function inNumberOrder(keys: readonly string[]): string[] {
  const read = keys.map((key) => {
    const [, prefix = '', digits = '', copy] = numbered.exec(key) ?? [];
    return {
      key,
      prefix,
      number: digits === '' ? null : Number(digits),
      isCopy: copy !== undefined,
    };
  });
  const sure = read.filter(({ isCopy }) => !isCopy);
  const numbers = sure.map(({ number }) => number ?? Number.NaN);
  const comparable =
    new Set(sure.map(({ prefix }) => prefix)).size === 1 && !numbers.some(Number.isNaN);
  const ascend = numbers.every(
    (number, index) => index === 0 || number > (numbers[index - 1] ?? 0),
  );
  if (!comparable || ascend) return [...keys];
  return read
    .toSorted((one, other) => (one.number ?? 0) - (other.number ?? 0))
    .map(({ key }) => key);
}
