import { toTitle } from '../language/clip.ts';
import { keyPhrases } from '../language/words.ts';
import { type FileNotes, fileWriters } from './file-writers.ts';
import { quoteInput } from './quote-input.ts';
import type { Writing } from './writing.ts';

const failure = /input .* fails|出错|báo lỗi/i;
const binary = /^(png|jpe?g|gif|pdf|pt|pth|pkl|joblib|h5|onnx|npz?|docx|xlsx|pptx)$/i;

/** Content that its extension allows, naming each criterion where a comment can stand. */
export function writeFile(writing: Writing): string {
  const { commission, author } = writing;
  const { voice, path, subject } = commission;
  const extension = path.split('.').at(-1)?.toLowerCase() ?? 'txt';
  const label = voice.fileLabel(author);
  const criteria = commission.criteria.filter((criterion) => criterion !== writing.missed);
  const notes: FileNotes = {
    path,
    label: binary.test(extension) ? `${label}\n${voice.binaryNote(path)}` : label,
    title: titleOf(path),
    purpose: purposeOf(subject.sentence, path),
    points: [
      ...criteria.map((text) => (failure.test(text) ? voice.fileFails(path) : toTitle(text, 200))),
      ...commission.rework
        .filter((criterion) => !criteria.includes(criterion))
        .map((criterion) => toTitle(criterion, 200)),
    ],
    sources: commission.inputs.slice(0, 4).flatMap((input) => {
      const quote = quoteInput(input.text, commission.title, voice);
      return quote === '' ? [] : [voice.section.input(input.title, quote)];
    }),
    names: namesFor(subject.sentence, path),
  };
  const write = fileWriters.find(({ extensions }) => extensions.test(extension))?.write;
  return (write ?? fileWriters[0].write)(notes);
}

/** `src/x.py: parses …` says it without the path. */
function purposeOf(sentence: string, path: string): string {
  if (!sentence.startsWith(path)) return sentence;
  const said = sentence.slice(path.length).replace(/^[\s:：.。]+(?:(?:that|which) )?/iu, '');
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** `docs/user_guide.md` is a user guide. */
function titleOf(path: string): string {
  const stem =
    path
      .split('/')
      .at(-1)
      ?.replace(/(?<=.)\.\w+$/, '') ?? path;
  return toTitle(stem.replace(/[_-]+/g, ' '));
}

/** Identifiers out of the task's own words; `run` where they have no Latin letters. */
function namesFor(sentence: string, path: string): string[] {
  const stem = path.split('/').at(-1)?.split('.')[0] ?? '';
  const phrases = keyPhrases(sentence.replace(/`[^`]*`/g, ' ').replaceAll(path, ' '), 4);
  const names = [...phrases, stem].map(toIdentifier).filter((name) => name.length > 2);
  return [...new Set(names)].slice(0, 4).concat(names.length === 0 ? ['run'] : []);
}

function toIdentifier(phrase: string): string {
  return phrase
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/đ/gi, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 32);
}
