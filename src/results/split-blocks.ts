export interface Block {
  kind: 'heading' | 'list' | 'table' | 'code' | 'prose';
  text: string;
}

const fence = /^\s*(`{3,}|~{3,})/;
const heading = /^#{1,6}\s/;
const item = /^\s*(?:[-*+•]\s|\d+[.)、]\s?)/;
const row = /^\s*\|/;

/**
 * The blocks of a Markdown text: what blank lines part, code whole with its fences, each heading by
 * itself, and a list apart from the line with a colon that leads to it. A fence that nobody closed is
 * closed, or it would swallow whatever comes behind the text.
 */
export function splitBlocks(markdown: string): Block[] {
  const reader: Reader = { blocks: [], lines: [], fence: null };
  for (const line of markdown.split('\n')) {
    if (reader.fence === null) readLine(reader, line);
    else readCode(reader, line, reader.fence);
  }
  if (reader.fence !== null) reader.lines.push(reader.fence);
  close(reader);
  return reader.blocks;
}

interface Reader {
  blocks: Block[];
  /** Of the block that is open. */
  lines: string[];
  /** The marks that opened the code that is being read. */
  fence: string | null;
}

function readLine(reader: Reader, line: string): void {
  const mark = fence.exec(line)?.[1];
  const leadsOn = item.test(line) && /[:：]\s*$/.test(reader.lines.at(-1) ?? '');
  const isHeading = heading.test(line);
  if (mark !== undefined || isHeading || leadsOn || line.trim() === '') close(reader);
  if (line.trim() !== '') reader.lines.push(line);
  if (mark !== undefined) reader.fence = mark;
  if (isHeading) close(reader);
}

function readCode(reader: Reader, line: string, open: string): void {
  reader.lines.push(line);
  const mark = fence.exec(line)?.[1];
  if (mark === undefined || !mark.startsWith(open) || line.trim() !== mark) return;
  reader.fence = null;
  close(reader);
}

function close(reader: Reader): void {
  const text = reader.lines.join('\n').trimEnd();
  reader.lines = [];
  if (text.trim() !== '') reader.blocks.push({ kind: kindOf(text), text });
}

export function joinBlocks(blocks: readonly Block[]): string {
  return blocks.map(({ text }) => text).join('\n\n');
}

function kindOf(text: string): Block['kind'] {
  if (fence.test(text)) return 'code';
  if (heading.test(text)) return 'heading';
  if (item.test(text)) return 'list';
  return row.test(text) ? 'table' : 'prose';
}
