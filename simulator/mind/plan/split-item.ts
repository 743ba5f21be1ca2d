import { clip, toTitle } from '../language/clip.ts';
import { keyPhrases } from '../language/words.ts';
import type { Item } from './outline.ts';
import { isAsking, topicOf } from './topic-of.ts';

const enumerates =
  /\b(?:include|includes|including|cover|covers|covering|specifically|such as|namely|address)\b\s*:?\s+|[:：]\s*|请?(?:包括|包含|涵盖|涉及)|bao gồm|gồm(?: có)?\s+|cụ thể là/iu;

/** A list entry is one item, however many commas it has. */
export function listedItem(text: string): Item {
  return toItem(text, headOf(text));
}

/**
 * The items of one sentence: one that enumerates three or more things is as many, a Chinese one as many
 * as its clauses.
 */
export function splitItem(text: string): Item[] {
  const parts = enumerationOf(text);
  if (parts.length >= 3) return parts.map((part) => toItem(part, toTitle(part, 90)));
  if (/\p{Script=Han}{6}/u.test(text)) return chineseClauses(text);
  return [toItem(text, topicOf(text))];
}

function headOf(text: string): string {
  const bare = text
    .replace(/^\*\*(.+?)\*\*/, '$1')
    .replace(/^an? (?:section|chapter|part) (?:that \w+|with|on|about) /i, '');
  const head = /^(.{4,96}?)(?:[:：;]\s|[：。？]|[.?]\s|\s[—–-]\s|$)/u.exec(bare)?.[1];
  return head ? toTitle(head.replace(/^(?:an?|the)\s+/i, ''), 96) : topicOf(bare);
}

export function toItem(sentence: string, title: string): Item {
  return { title, sentence: clip(sentence, 400), phrases: keyPhrases(sentence) };
}

/** What a sentence enumerates behind a word that says so, or as questions that it asks in a row. */
export function enumerationOf(sentence: string): string[] {
  const marker = enumerates.exec(sentence);
  const listed = marker ? partsOf(sentence.slice(marker.index + marker[0].length)) : [];
  if (listed.length >= 3) return listed;
  const asked = partsOf(
    sentence.replace(/^(?:please )?(?:explain|describe|say|tell (?:me|us)) /i, ''),
  );
  const isAsked = asked.filter((part) =>
    /^(?:how|what|why|who|when|which|where|whether) /i.test(part),
  );
  if (isAsked.length >= 3) return asked;
  if (/\p{Script=Han}/u.test(sentence)) return [];
  const ordered = partsOf(sentence).map((part) => part.replace(/^then /i, ''));
  return ordered.length >= 3 && ordered.every(isAsking) ? ordered.map((part) => topicOf(part)) : [];
}

function partsOf(list: string): string[] {
  const parts = list
    .replace(/\([^)]*\)/g, '')
    .replace(/[.。!！?？]+$/u, '')
    .replace(/(?:等)?[一二三四五六七八九十\d]+个(?:部分|方面|章节)$/u, '')
    .split(/\s*(?:,(?!\d)|[;，；、]|以及)\s*(?:and |or |và |和)?/u)
    .map((part) => part.replace(/^(?:(?:and|or|và)\s+)?(?:include\s+)?/i, '').trim())
    .filter(
      (part) => /\p{L}{3}|\p{Script=Han}{2}/u.test(part) && !/^each (?:with|of)\b/i.test(part),
    );
  return parts.every((part) => part.length < 90) ? parts : [];
}

function chineseClauses(sentence: string): Item[] {
  const clauses = sentence
    .split(/[，,；;。！!？?]/u)
    .map((clause) => clause.trim())
    .filter((clause) => (clause.match(/\p{Script=Han}/gu)?.length ?? 0) >= 6);
  const asking = clauses.filter((clause) => !/^我是|^我们是|^作为/u.test(clause));
  // "请提供一份报告" announces what the other clauses describe.
  const telling = asking.filter(
    (clause) => !/^详?[细尽]*的?(报告|论文|文章|方案|分析)$/u.test(topicOf(clause)),
  );
  return (telling.length > 0 ? telling : asking).map((clause) => toItem(clause, topicOf(clause)));
}
