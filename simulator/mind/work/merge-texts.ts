import { countTokens } from '../../tokens.ts';
import type { Ask } from '../ask.ts';
import { readTags } from '../read-prompt.ts';

/** What is given, in its order, each paragraph once; where it may not be so long, the ends of the parts go first. */
export function mergeTexts(ask: Ask, message: string): string {
  const parts = ['candidate', 'section', 'input']
    .flatMap((name) => readTags(message, name))
    .map(({ attributes, text }) => ({ title: attributes['title'], text: text.trim() }));
  if (parts.length === 0) return message.trim();
  const seen = new Set<string>();
  const merged = parts.map((part) => ({
    heading: part.title && !/^##? /m.test(part.text) ? `## ${part.title}` : '',
    paragraphs: part.text.split(/\n{2,}/).filter((paragraph) => isNew(paragraph, seen)),
  }));
  const write = () =>
    merged
      .map((part) => [part.heading, ...part.paragraphs].filter((text) => text !== '').join('\n\n'))
      .filter((text) => text !== '')
      .join('\n\n');
  while (countTokens(write()) > ask.room * 0.95) {
    const longest = merged.reduce((a, b) => (b.paragraphs.length > a.paragraphs.length ? b : a));
    if (longest.paragraphs.length < 3) break;
    longest.paragraphs.pop();
  }
  return write();
}

function isNew(paragraph: string, seen: Set<string>): boolean {
  const key = paragraph
    .toLowerCase()
    .replace(/[\s*_#>-]+/g, ' ')
    .trim();
  if (key === '' || seen.has(key)) return false;
  seen.add(key);
  return true;
}
