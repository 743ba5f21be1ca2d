import { writeTag } from '../../protocol/index.ts';
import type { ContextFile } from '../../queue/index.ts';

export interface BriefingText {
  brief: string;
  files: readonly ContextFile[];
  clarifications: readonly { question: string; answer: string }[];
}

/** The brief may take this share of the room; files get what it leaves. */
const briefShare = 0.7;

/** What the person gave, in at most `bytes` of UTF-8: the brief first, then the clarifications, then the files. */
export function briefingSections(text: BriefingText, bytes: number): string[] {
  const brief = cutToBytes(text.brief, Math.floor(bytes * briefShare));
  const sections = [writeTag('brief', {}, brief)];
  const clarified = text.clarifications
    .map(({ question, answer }) => `Q: ${oneLine(question)}\nA: ${oneLine(answer)}`)
    .join('\n');
  const left = bytes - Buffer.byteLength(brief) - Buffer.byteLength(clarified);
  if (text.files.length > 0) sections.push(filesSection(text.files, Math.max(0, left)));
  if (clarified !== '') sections.push(writeTag('clarifications', {}, clarified));
  return sections;
}

function filesSection(files: readonly ContextFile[], bytes: number): string {
  const share = Math.floor(bytes / files.length);
  const written = files.map((file) => {
    const text =
      file.text === null
        ? `[binary, ${file.mediaType}, ${file.bytes} bytes, not shown]`
        : cutToBytes(file.text, share);
    const more = file.leftOutBytes > 0 ? `\n[… ${file.leftOutBytes} bytes left out …]` : '';
    return writeTag('file', { name: file.name }, text + more);
  });
  return writeTag('files', {}, written.join('\n'));
}

/** The beginning of a text, with a word on what is missing; never half a character. */
export function cutToBytes(text: string, bytes: number): string {
  const all = Buffer.from(text);
  if (all.length <= bytes) return text;
  const kept = new TextDecoder().decode(all.subarray(0, Math.max(0, bytes)), { stream: true });
  return `${kept}\n[… ${all.length - Buffer.byteLength(kept)} bytes left out …]`;
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
