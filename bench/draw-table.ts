/** A Markdown table; numbers stand to the right. */
export function drawTable(rows: readonly Record<string, string | number>[]): string[] {
  const [first] = rows;
  if (!first) return [];
  const names = Object.keys(first);
  const rule = names.map((name) => (typeof first[name] === 'number' ? '---:' : '---'));
  const cells = rows.map((row) => names.map((name) => String(row[name]).replaceAll('|', '\\|')));
  return [names, rule, ...cells].map((line) => `| ${line.join(' | ')} |`);
}
