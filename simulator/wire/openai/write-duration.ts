/** OpenAI's way to write a span: `120ms`, `1s`, `6m0s`, `1h2m3s`. */
export function writeDuration(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(Math.max(0, first))
    .map(([amount, unit]) => `${amount}${unit}`)
    .join('');
}
