import type { Turn } from '../wire/wire.ts';

export const roles = [
  'clarifier',
  'planner',
  'worker',
  'comparer',
  'panel',
  'merger',
  'judge',
  'repairer',
] as const;
export type Role = (typeof roles)[number];

/** One tagged part of a prompt: `<name key="value">text</name>`. */
export interface Tag {
  attributes: Record<string, string>;
  text: string;
}

export interface Prompt {
  /** `undefined`: an ordinary chat. */
  role: Role | undefined;
  /** What the person, or the orchestration, said last. */
  message: string;
  system: string;
}

const opening = /^\s*You are Headrace['’]s ([a-z]+)\b/i;

/** The role stands at the beginning of the system text, or of the first message where a host wants no system text. */
export function readPrompt(turns: readonly Turn[]): Prompt {
  const system = turns
    .filter(({ role }) => role === 'system')
    .map(({ text }) => text)
    .join('\n');
  const users = turns.filter(({ role }) => role === 'user');
  const named = (opening.exec(system) ?? opening.exec(users[0]?.text ?? ''))?.[1]?.toLowerCase();
  const role = roles.find((candidate) => candidate === named);
  const message = role ? users.map(({ text }) => text).join('\n') : (users.at(-1)?.text ?? '');
  return { role, message, system };
}

/** Every part of that name, in order; parts inside another of the same name do not occur. */
export function readTags(text: string, name: string): Tag[] {
  const pattern = new RegExp(
    `<${name}((?:\\s+[\\w-]+="[^"]*")*)\\s*>\\n?([\\s\\S]*?)\\n?</${name}>`,
    'g',
  );
  const given = name === 'brief' ? text : text.replace(material(name), '');
  return [...given.matchAll(pattern)].map((match) => ({
    attributes: readAttributes(match[1] ?? ''),
    text: match[2] ?? '',
  }));
}

/** A brief or a file may hold tags that look like the prompt's own, as one about prompts does. */
function material(name: string): RegExp {
  const parts = name === 'files' || name === 'file' ? 'brief' : 'brief|files';
  return new RegExp(`^<(${parts})>\\n[\\s\\S]*?\\n</\\1>$`, 'gm');
}

/** The text of the first part of that name; empty where there is none. */
export function readTag(text: string, name: string): string {
  return readTags(text, name)[0]?.text ?? '';
}

/** `- item`, `1. item` or a bare line each. */
export function readLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim())
    .filter((line) => line !== '');
}

function readAttributes(source: string): Record<string, string> {
  const pairs = [...source.matchAll(/([\w-]+)="([^"]*)"/g)];
  return Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, decode(value)]));
}

function decode(value: string): string {
  return value
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
