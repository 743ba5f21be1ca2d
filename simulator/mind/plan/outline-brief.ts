import { clip, toTitle } from '../language/clip.ts';
import { detectLanguage } from '../language/detect-language.ts';
import { countHeld, keyPhrases, keyWords, sentencesOf } from '../language/words.ts';
import { type FileAsk, findFiles } from './find-files.ts';
import type { Item, Outline } from './outline.ts';
import { splitItem } from './split-item.ts';
import { topicOf } from './topic-of.ts';

const constraintHeading =
  /constraint|requirement|manner|tone|style|format|audience|reader|context|background|notes?\b|rules?\b|ràng buộc|bối cảnh|lưu ý|cách viết|phong cách|người đọc|约束|限制|背景|注意|风格|受众|读者|写作/i;
const fileHeading = /files?\b|attachments?|tệp|文件|附件/i;

interface Line {
  heading: string;
  text: string;
  listed: boolean;
}

/** What a brief asks for: its lists and headings where it has them, else its sentences and enumerations. */
export function outlineBrief(brief: string, mostItems = 18): Outline {
  const { title, lines } = readLinesOf(brief);
  const plain = lines.filter((line) => !constraintHeading.test(line.heading));
  const constraints = lines
    .filter((line) => constraintHeading.test(line.heading))
    .flatMap((line) => sentencesOf(line.text));
  const files = findFiles(plain.map((line) => line.text));
  const listed = plain.filter((line) => line.listed && !isFileLine(line));
  const prose = plain.filter((line) => !line.listed).flatMap((line) => sentencesOf(line.text));
  const structured = plain.filter((line) => line.listed).length >= 3;
  const source = structured ? listed.map((line) => line.text) : withoutFiles(prose, files);
  const items = joinItems(
    source.flatMap((text) => splitItem(text, structured)),
    mostItems,
  );
  return {
    topic: title ?? findTopic(prose, items) ?? topicOf(brief),
    items,
    files,
    constraints: [...constraints, ...prose.filter(isConstraint)]
      .map((text) => clip(text, 160))
      .slice(0, 8),
    structured,
  };
}

/** The first sentence names it, unless it is a mere announcement. */
function findTopic(prose: readonly string[], items: readonly Item[]): string | undefined {
  const first = prose.find(isTelling) ?? prose[0];
  if (first === undefined) return undefined;
  const topic = topicOf(first);
  const announced = /^详?[细尽]*的?(报告|论文|文章|方案|分析)$/u.test(topic);
  return announced ? (items[0]?.title ?? topic) : topic;
}

function readLinesOf(brief: string): { title: string | undefined; lines: Line[] } {
  let heading = '';
  let title: string | undefined;
  const lines: Line[] = [];
  for (const raw of brief.split('\n')) {
    const head = /^\s*(#{1,6})\s+(.+)$/.exec(raw);
    if (head) {
      if (head[1] === '#' && title === undefined) title = toTitle(head[2] ?? '', 80);
      else heading = head[2] ?? '';
      continue;
    }
    const item = /^\s*(?:[-*•+]|\d+[.)、])\s+(.+)$/.exec(raw);
    const text = (item?.[1] ?? raw).trim();
    if (text !== '') lines.push({ heading, text, listed: item !== null });
  }
  return { title, lines };
}

/** A list entry that begins with a path asks for that file, not for a section. */
function isFileLine(line: Line): boolean {
  return (
    findFiles([line.text]).length > 0 && (/^`/.test(line.text) || fileHeading.test(line.heading))
  );
}

/** In a brief for a project only what asks for a text of its own is a part; other sentences belong to a file. */
function withoutFiles(sentences: readonly string[], files: readonly FileAsk[]): string[] {
  const asked = sentences.filter((sentence) => !isConstraint(sentence) && isTelling(sentence));
  if (files.length === 0) return asked;
  const taken = new Set(files.flatMap((file) => file.sentences));
  const loose = asked.filter((sentence) => !taken.has(sentence)).slice(1);
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
  return /\b(must|should|at most|no more than|ideally|keep every|everywhere|it would be (great|helpful|awesome|nice)|please try|make sure|ensure|only use|use .{1,40} only)\b|không được|tối đa|phải|不得|必须|不超过|要求/i.test(
    sentence,
  );
}

function isTelling(sentence: string): boolean {
  // "Please deliver:" announces a list.
  if (/[:：]$/.test(sentence)) return false;
  // "Please deliver:" announces a list.
  return (
    !/[:：]$/.test(sentence) &&
    !/^(hey|hi|hello|thanks?|thank you|cảm ơn|谢谢)\b[^,]{0,20}$/i.test(sentence) &&
    sentence.length > 8
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
  const title = clip(rest.map((item) => item.title).join(joint), 80);
  return [...unique.slice(0, mostItems - 1), { title, sentence, phrases: keyPhrases(sentence) }];
}
