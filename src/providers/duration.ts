const unitMs = new Map<string, number>(
  Object.entries({
    ms: 1,
    s: 1000,
    m: 60_000,
    h: 3_600_000,
    d: 86_400_000,
  }),
);

/** Go-style durations as OpenAI prints them (`1s`, `6m0s`, `120ms`, `1.5s`) in milliseconds, else `null`. */
export function parseDuration(text: string): number | null {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text.trim()) return null;
  const total = parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (unitMs.get(unit ?? '') ?? 0),
    0,
  );
  return Math.ceil(total);
}
