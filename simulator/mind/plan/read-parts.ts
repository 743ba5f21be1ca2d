/** What stands below one heading of a brief, up to the next one. */
export interface Part {
  /** Without its marks; empty above the first heading. */
  heading: string;
  /** Of the heading, 1 to 6; 0 above the first one. */
  level: number;
  /** Lines that are no list. */
  prose: string[];
  entries: Entry[];
}

/** One entry of a list, with all that is nested in it. */
export interface Entry {
  text: string;
  /** The line with a colon that announced the list, where one did. */
  label: string;
}

const chinese = '一二三四五六七八九十';
/** How people mark an entry: signs, numbers, letters, Chinese numerals, emoji. */
const mark = new RegExp(
  `^(\\s*)(?:[-*•·▪‣–+]\\s+(?:\\[[ xX]\\]\\s+)?|\\(?\\d{1,2}[.)]\\s+|(\\d{1,2}(?:\\.\\d{1,2}){1,3})\\.?\\s+|\\(?[a-zA-Z][.)]\\s+|[IVX]{1,5}[.)]\\s+|\\d{1,2}[、）]\\s*|[（(][${chinese}\\d]{1,3}[）)]\\s*|[${chinese}]{1,3}、\\s*|[①-⑳]\\s*|\\p{Extended_Pictographic}\\uFE0F?\\s+(?=\\S{2}))(.+)$`,
  'u',
);
/** A chapter keeps its number, by which its author speaks of it. */
const chapter = new RegExp(`^()()(第[${chinese}\\d]{1,3}[章节部分条].+)$`, 'u');

/** The parts of a brief in their order; code and tables are left out, nested entries join the one above. */
export function readParts(text: string): Part[] {
  const reader: Reader = {
    parts: [{ heading: '', level: 0, prose: [], entries: [] }],
    label: '',
    open: null,
  };
  let fence = '';
  for (const line of text.split('\n')) {
    const fenced = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fenced !== undefined) fence = fence === '' ? fenced : '';
    else if (fence === '') readLine(reader, line.replace(/^\s*>\s?/, ''));
  }
  return reader.parts;
}

interface Reader {
  parts: Part[];
  label: string;
  /** The entry that indented lines belong to. */
  open: { entry: Entry; indent: number; number: string } | null;
}

function readLine(reader: Reader, line: string): void {
  const part = reader.parts.at(-1);
  if (!part || line.trim() === '' || /^\s*(?:\||[-*_=]{3,}\s*$)/.test(line)) return;
  const head = /^\s{0,3}(#{1,6})\s+(.+?)\s*#*$/.exec(line);
  if (head) {
    const [, marks = '', heading = ''] = head;
    reader.parts.push({ heading: bare(heading), level: marks.length, prose: [], entries: [] });
    Object.assign(reader, { label: '', open: null });
    return;
  }
  const [, indent = '', number = '', text = ''] = mark.exec(line) ?? chapter.exec(line) ?? [];
  if (text !== '' && !/[:：]$/.test(text))
    readEntry(reader, { indent: indent.length, number, text });
  else if (reader.open && /^\s{2,}\S/.test(line)) append(reader.open.entry, line.trim());
  else readProse(reader, part, (text || line).trim());
}

function readEntry(reader: Reader, found: { indent: number; number: string; text: string }): void {
  const { open } = reader;
  const isNested =
    open !== null &&
    (found.indent > open.indent + 1 ||
      (open.number !== '' && found.number.startsWith(`${open.number}.`)));
  if (isNested) {
    append(open.entry, found.text);
    return;
  }
  const entry = { text: found.text.trim(), label: reader.label };
  reader.parts.at(-1)?.entries.push(entry);
  reader.open = { entry, indent: found.indent, number: found.number };
}

/** The first of what is nested stands behind a colon, so that the entry's own words stay its title. */
function append(entry: Entry, text: string): void {
  const joint = /[.。!！?？;；:：]$/.test(entry.text)
    ? ' '
    : /[:：.。]\s/.test(entry.text)
      ? '; '
      : ': ';
  entry.text = `${entry.text}${joint}${text}`;
}

function readProse(reader: Reader, part: Part, text: string): void {
  reader.open = null;
  const announces = /^.{1,80}[:：]$/.test(text);
  reader.label = announces ? text : '';
  if (!announces) part.prose.push(text.replace(/(\*\*|__)(.+?)\1/g, '$2'));
}

/** A heading without its number and its Markdown. */
export function bare(heading: string): string {
  const [, , , text = heading] = mark.exec(heading) ?? [];
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__)(.+?)\1/g, '$2')
    .replace(/(?<![\w*])\*(?!\s)([^*]+?)\*(?![\w*])/g, '$1')
    .replace(/[“”]/g, '"')
    .replace(/[.…\s]+$/, '')
    .trim();
}
