const unitMs: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** How a duration is written wherever Headrace reads one. */
export const durationForm = 'a duration with its unit, such as 90s, 30m, 2h or 1h30m';

/** `90s`, `30m`, `1h30m` → milliseconds, above 0; `null` for anything else, a number without its unit included. */
export function parseDuration(text: string): number | null {
  if (!/^(?:\d{1,9}(?:\.\d{1,3})?(?:ms|[smhd]))+$/.test(text)) return null;
  const parts = [...text.matchAll(/([\d.]+)(ms|[smhd])/g)];
  const total = parts.reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (unitMs[unit] ?? 0),
    0,
  );
  return total > 0 ? Math.round(total) : null;
}
