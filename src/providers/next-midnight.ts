/** Epoch ms of the next midnight in a time zone; a day there may have 23 or 25 hours. */
export function nextMidnight(nowMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const dayOf = (atMs: number) => format.format(atMs);
  const today = dayOf(nowMs);
  let before = nowMs;
  let after = nowMs + 26 * 3_600_000;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayOf(middle) === today) before = middle;
    else after = middle;
  }
  return after;
}
