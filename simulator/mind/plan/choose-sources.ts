import { findFiles } from './find-files.ts';
import type { Entry, Part } from './read-parts.ts';

const constraintHeading =
  /constraint|requirement|manner|tone|style|format|audience|reader|context|background|acceptance|assumptions?\b|non-?goals?|out of scope|notes?$|rules$|ràng buộc|bối cảnh|lưu ý|cách viết|phong cách|người đọc|约束|限制|背景|注意|风格|受众|读者|写作|非目标|不做/i;
const contextHeading =
  /^(?:the )?(?:problem|motivation|current situation|summary|about us|who we are|overview|现状|概述)$/i;
/** Where a brief says what it wants, the rest of it says why and for whom. */
const askingHeading =
  /what (?:we|i) (?:need|want|expect)|what it must contain|deliverables?|^deliver\b|to be delivered|^(?:the )?tasks?$|交付|需要.{0,4}内容|产出|要求内容|cần bàn giao/i;
const fileHeading = /files?\b|attachments?|tệp|文件|附件/i;

/** A heading or an entry of a list that asks for a part of the result. */
export interface Source {
  /** A heading is a title as it stands. */
  title: string | null;
  text: string;
}

export interface Sources {
  items: Source[];
  /** Words that shape the work without being a part of it. */
  context: string[];
  /** Texts in which files may be named. */
  texts: string[];
  prose: string[];
  /** Whether lists or headings say what the parts are. */
  structured: boolean;
  /** Whether lists that ask for nothing were left aside. */
  narrowed: boolean;
}

/** What a brief's headings and lists ask for, in its order. */
export function chooseSources(parts: readonly Part[], most: number): Sources {
  const groups = groupParts(parts);
  const asking = groups.filter(({ asks }) => asks);
  const chosen = countEntries(asking) >= 2 ? asking : groups.filter(({ shapes }) => !shapes);
  const wanted = countEntries(chosen) > 0 || chosen.length > 1 ? chosen : groups;
  const rest = parts.filter((part) => !wanted.some(({ own }) => own.includes(part)));
  const entries = wanted.flatMap(({ own }) => own.flatMap((part) => part.entries));
  const headed = wanted.filter(({ own }) => (own[0]?.level ?? 0) > 0);
  const asked = entries.filter((entry) => !isConstraint(entry));
  const structured = asked.length >= 3 || headed.length >= 2;
  const items = structured ? listItems(wanted, most) : [];
  return {
    items,
    context: [
      ...rest.flatMap((part) => [...part.prose, ...part.entries.map(({ text }) => text)]),
      ...entries.filter(isConstraint).map(({ text }) => text),
    ],
    texts: groups.filter(({ shapes }) => !shapes).flatMap(({ own }) => own.flatMap(textsOf)),
    prose: wanted.flatMap(({ own }) => own.flatMap((part) => part.prose)),
    structured,
    narrowed: rest.some((part) => part.entries.some((entry) => !isFileEntry(entry, [part]))),
  };
}

interface Group {
  /** A part and all that stands below it. */
  own: Part[];
  asks: boolean;
  shapes: boolean;
}

/** By the highest level of heading of which a brief has more than one; else each part by itself. */
function groupParts(parts: readonly Part[]): Group[] {
  const levels = [1, 2, 3, 4, 5, 6];
  const level = levels.find((each) => parts.filter((part) => part.level === each).length > 1) ?? 6;
  const groups: Part[][] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (last && part.level > level && (last[0]?.level ?? 0) > 0) last.push(part);
    else groups.push([part]);
  }
  return groups.map((own) => {
    const heading = own[0]?.heading ?? '';
    return {
      own,
      asks: askingHeading.test(heading),
      shapes: constraintHeading.test(shortOf(heading)) || contextHeading.test(heading),
    };
  });
}

/** A long heading is about its subject, whatever word of manner it holds. */
function shortOf(heading: string): string {
  return heading.split(/\s+/).length <= 3 && !/[:：]/.test(heading) ? heading : '';
}

function countEntries(groups: readonly Group[]): number {
  return groups.reduce(
    (sum, { own }) => sum + own.reduce((count, part) => count + part.entries.length, 0),
    0,
  );
}

function listItems(groups: readonly Group[], most: number): Source[] {
  const fine = groups.flatMap(({ own }) => itemsOf(own));
  const headed = groups.filter(({ own }) => (own[0]?.level ?? 0) > 0);
  if (fine.length <= most || headed.length < 3) return fine;
  return headed.map(({ own }) => headingItem(own));
}

/** The entries of a part; where it has none, the part itself. */
function itemsOf(own: readonly Part[]): Source[] {
  const entries = own.flatMap((part) => part.entries);
  const asked = entries.filter((entry) => !isConstraint(entry) && !isFileEntry(entry, own));
  const isHeaded = (own[0]?.level ?? 0) > 0;
  if (entries.length > 0) return asked.map(({ text }) => ({ title: null, text }));
  const isTitle = own.length === 1 && own[0]?.level === 1;
  return isHeaded && !isTitle ? [headingItem(own)] : [];
}

function headingItem(own: readonly Part[]): Source {
  const [first] = own;
  const title = first?.heading ?? '';
  const inner = own.slice(1).flatMap((part) => [part.heading, ...textsOf(part)]);
  const said = [...(first ? textsOf(first) : []), ...inner].filter((text) => text !== '');
  return { title, text: said.length > 0 ? said.join(' ') : title };
}

function textsOf(part: Part): string[] {
  return [...part.prose, ...part.entries.map(({ text }) => text)];
}

function isConstraint({ label }: Entry): boolean {
  return constraintHeading.test(label);
}

/** An entry that begins with a path, or stands below a word for files, asks for that file. */
function isFileEntry(entry: Entry, own: readonly Part[]): boolean {
  if (findFiles([entry.text]).length === 0) return false;
  const headings = [entry.label, ...own.map(({ heading }) => heading)];
  const begins = /^(?:path\s*[:=]\s*)?`?[\w.-]+(?:[./][\w.-]+|file\b)/i.test(entry.text);
  const ends = /\(`[^`]+`\)\s*$/.test(entry.text);
  return begins || ends || headings.some((heading) => fileHeading.test(heading));
}
