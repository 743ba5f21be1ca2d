/** A brief as a person would read it aloud. */
export interface CleanBrief {
  /** Of its front matter or its page, where it has one. */
  title: string | undefined;
  /** Plain Markdown. */
  text: string;
}

/** Signs that nobody sees; a joiner holds an emoji together. */
const controls = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}]/gu;
const escapeCode = /\p{Cc}\[[\d;]*[A-Za-z]/gu;
const thought = /<think>[\s\S]*?<\/think>\s*/gi;
const wholeFence = /^\s*(`{3,}|~{3,})[\w-]*\n([\s\S]*?)\n\1\s*$/;
const frontMatter = /^---\n([\s\S]*?)\n---\n/;
/** Who tells a model what to be is not talking of the subject. */
const injection =
  /^.*\b(?:ignore (?:all |any )?(?:previous|above|prior|earlier) (?:instructions|prompts)|you are now \w+|reveal your (?:system )?prompt|the judge must answer)\b.*$/gim;

/** Without what a file format, a page or a stranger put around what is asked. */
export function cleanBrief(brief: string): CleanBrief {
  const plain = brief
    .replace(/\r\n?/g, '\n')
    .replace(escapeCode, '')
    .replace(controls, '')
    .replace(thought, '')
    .replace(injection, '');
  const inner = wholeFence.exec(plain)?.[2] ?? plain;
  const matter = frontMatter.exec(inner.trimStart());
  const body = matter ? inner.trimStart().slice(matter[0].length) : inner;
  const named = /^title:\s*["']?(.+?)["']?\s*$/m.exec(matter?.[1] ?? '')?.[1];
  const page = /<title>([^<]+)<\/title>/i.exec(body)?.[1];
  return { title: named ?? page, text: underline(isPage(body) ? readPage(body) : unwrap(body)) };
}

function isPage(text: string): boolean {
  return (text.match(/<(?:html|body|p|[ou]l|li|h[1-6]|div|table)\b[^>]*>/gi)?.length ?? 0) >= 3;
}

function readPage(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->|<!doctype[^>]*>|<(script|style|title)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<h([1-6])\b[^>]*>/gi, (_, level: string) => `\n${'#'.repeat(Number(level))} `)
    .replace(/<li\b[^>]*>/gi, '\n- ')
    .replace(/<t[rdh]\b[^>]*>/gi, (tag) => (/^<tr/i.test(tag) ? '\n|' : ' | '))
    .replace(/<\/?(?:p|div|br|[ou]l|table|h[1-6]|section|article|body|html|head)\b[^>]*>/gi, '\n')
    .replace(/<\/?[a-z][^>\n]*>/gi, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

/** A tag that stands alone on its line, or round one line, is no part of what it holds. */
function unwrap(text: string): string {
  return text
    .replace(/^\s*<\/?[a-z][\w-]*(?:\s[^>\n]*)?>\s*$/gim, '')
    .replace(/^\s*<([a-z][\w-]*)(?:\s[^>\n]*)?>(.+)<\/\1>\s*$/gim, '$2');
}

/** A title with a line below it is a heading as well. */
function underline(text: string): string {
  return text
    .replace(/^(?=\S)(?![-#|>])(.{2,80})\n={3,}[^\S\n]*$/gm, '# $1')
    .replace(/^(?=\S)(?![-#|>])(.{2,80})\n-{3,}[^\S\n]*$/gm, '## $1');
}
