import { CliError } from './cli-error.ts';

const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `30m`, `1h30m` → milliseconds; a bare number is minutes. */
export function parseDuration(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 60_000;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)];
  const total = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0),
    0,
  );
  if (parts.map(([whole]) => whole).join('') !== text || total <= 0) {
    throw new CliError('usage', {
      message: `"${text}" is not a duration.`,
      fix: 'Write 90s, 30m, 2h or 1h30m.',
    });
  }
  return Math.round(total);
}
