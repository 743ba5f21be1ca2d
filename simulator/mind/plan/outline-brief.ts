import { clip, toTitle } from '../language/clip.ts';
import { detectLanguage } from '../language/detect-language.ts';
import { countHeld, keyPhrases, keyWords, sentencesOf } from '../language/words.ts';
import { chooseSources, type Source } from './choose-sources.ts';
import { cleanBrief } from './clean-brief.ts';
import { type FileAsk, findFiles } from './find-files.ts';
import type { Item, Outline } from './outline.ts';
import { type Part, readParts } from './read-parts.ts';
import { enumerationOf, listedItem, splitItem, toItem } from './split-item.ts';
import { topicOf } from './topic-of.ts';

const mostConstraints = 12;

/** What a brief asks for: its lists and headings where it has them, else its sentences and enumerations. */
export function outlineBrief(brief: string, mostItems = 22): Outline {
  const { title: named, text } = cleanBrief(brief);
  const parts = readParts(text);
  const title = named ?? titleOf(parts);
  const sources = chooseSources(parts, mostItems);
  const files = findFiles(sources.texts);
  const prose = sources.prose.flatMap(sentencesOf).filter((sentence) => !isQuotation(sentence));
  const items = sources.structured
    ? sources.items.map(toListed)
    : chooseSentences(withoutFiles(prose, files)).flatMap(splitItem);
  const constraints = [...sources.context.flatMap(sentencesOf), ...prose.filter(isConstraint)];
  return {
    topic: (title && toTitle(title, 80)) ?? findTopic(prose, items) ?? topicOf(text),
    items: joinItems(items, mostItems),
    files,
    constraints: constraints.map((each) => clip(each, 160)).slice(0, mostConstraints),
    structured: sources.structured && !sources.narrowed,
  };
}

/** The first heading of the first level, where nothing else is of that level. */
function titleOf(parts: readonly Part[]): string | undefined {
  return parts.find(({ level }) => level === 1)?.heading;
}

function toListed({ title, text }: Source): Item {
  return title === null ? listedItem(text) : toItem(text, toTitle(title, 96));
}

/** The first sentence names it, unless it is a mere announcement. */
function findTopic(prose: readonly string[], items: readonly Item[]): string | undefined {
  const first = prose.find((each) => isTelling(each) && !isReport(each)) ?? prose[0];
  if (first === undefined) return undefined;
  const topic = topicOf(first);
  const announced = /^详?[细尽]*的?(报告|论文|文章|方案|分析)$/u.test(topic);
  return announced ? (items[0]?.title ?? topic) : topic;
}

/** Who said what is no subject. */
function isReport(sentence: string): boolean {
  return /\b(?:said|says|told)\b/i.test(sentence);
}

/** What somebody else says, given to be worked on. */
function isQuotation(sentence: string): boolean {
  return /^["“«「].*["”»」][.。]?$/u.test(sentence);
}

/** More than so many sentences are material, of which one says what is to be made. */
const muchProse = 12;

/** Of a chat its questions; of much material what is asked of it; else every sentence. */
function chooseSentences(sentences: readonly string[]): string[] {
  const questions = sentences.filter((sentence) => /[?？]$/.test(sentence));
  // Who writes in small letters throughout begins a question in the middle of what was read as one sentence.
  if (questions.length >= 2) return questions.map((each) => each.split(/[.!]\s+/).at(-1) ?? each);
  if (sentences.length <= muchProse) return [...sentences];
  const asking = sentences.find((sentence) => enumerationOf(sentence).length >= 3);
  return asking ? [asking] : sentences.slice(0, muchProse);
}

/** In a brief for a project only what asks for a text of its own is a part; other sentences belong to a file. */
function withoutFiles(sentences: readonly string[], files: readonly FileAsk[]): string[] {
  const asked = sentences.filter(
    (sentence) => !isConstraint(sentence) && isTelling(sentence) && !isReport(sentence),
  );
  if (files.length === 0) return asked;
  const taken = new Set(files.flatMap((file) => file.sentences));
  const speaksOf = (sentence: string) =>
    [...taken].some((part) => sentence.includes(part) || part.includes(sentence));
  const loose = asked.filter((sentence) => !speaksOf(sentence)).slice(1);
  for (const sentence of loose.filter((text) => !ownText.test(text))) {
    const words = keyWords(sentence);
    const held = files.map((file) => countHeld(file.sentences.join(' '), words));
    files[held.indexOf(Math.max(...held))]?.sentences.push(sentence);
  }
  return loose.filter((sentence) => ownText.test(sentence));
}

const ownText =
  /report|notebook|dashboard|document|readme|explain|describe|summary|guide|manual|verify|tutorial|报告|说明|文档|báo cáo|hướng dẫn|tài liệu/i;

/** A wish about manner, or a rule: it shapes the work without being a part of it. */
function isConstraint(sentence: string): boolean {
  if (/[?？]$/.test(sentence)) return false;
  return (
    /\b(must|should|at most|no more than|ideally|keep every|everywhere|it would be (great|helpful|awesome|nice)|please try|make sure|ensure|only use|use .{1,40} only)\b|không được|tối đa|phải|不得|必须|不超过|要求/i.test(
      sentence,
    ) ||
    /^(?:do not|don['’]t|never|avoid|no |use (?:the heading|latex|markdown)|columns?:|keys?:|audience:|field:|e\.g\.|so that |i want to know |as an? [^,.]{3,80}$)/i.test(
      sentence,
    )
  );
}

function isTelling(sentence: string): boolean {
  // "Please deliver:" announces a list; "Dear Sir or Madam," greets.
  if (/[:：,，]$/.test(sentence) || sentence.length <= 8) return false;
  return !/^(?:hey|hi|hello|thanks?|thank you|cảm ơn|谢谢|sehr geehrte|mit freundlichen|best regards|kind regards|yours)\b[^,]{0,40}$/i.test(
    sentence,
  );
}

/** Equal titles become one item; what is too many is gathered, so that none is dropped. */
function joinItems(items: Item[], mostItems: number): Item[] {
  const byTitle = new Map<string, Item>();
  for (const item of items) {
    const key = item.title.toLowerCase();
    const known = byTitle.get(key);
    if (known) known.sentence = `${known.sentence} ${item.sentence}`;
    else byTitle.set(key, { ...item });
  }
  const unique = [...byTitle.values()];
  if (unique.length <= mostItems) return unique;
  const rest = unique.slice(mostItems - 1);
  const joint = detectLanguage(rest[0]?.title ?? '') === 'zh' ? '；' : '; ';
  const sentence = rest.map((item) => item.sentence).join(joint);
  const title = toTitle(rest.map((item) => item.title).join(joint), 100);
  return [...unique.slice(0, mostItems - 1), { title, sentence, phrases: keyPhrases(sentence) }];
}
