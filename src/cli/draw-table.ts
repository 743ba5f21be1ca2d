import stringWidth from 'string-width';
import { padLine, printable } from './printable.ts';

/** A plain table with aligned columns, wide characters counted twice; says so when it is empty. */
export function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '(none)';
  const lines = [head, ...rows].map((row) => row.map((cell) => printable(cell)));
  const widths = head.map((_, column) =>
    Math.max(...lines.map((row) => stringWidth(row[column] ?? ''))),
  );
  return lines
    .map((row) =>
      row
        .map((cell, column) => padLine(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
