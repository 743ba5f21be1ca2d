import { clip } from '../language/clip.ts';
import { countHeld, criterionWords, keyPhrases, keyWords, sentencesOf } from '../language/words.ts';
import { readTag, readTags } from '../read-prompt.ts';

interface Candidate {
  label: string;
  text: string;
  score: number;
  held: number;
  /** Paragraphs that say something of what is wanted. */
  depth: number;
}

/**
 * Scores candidates by how many of the acceptance criteria's words they hold, and prefers of equals the
 * one that comes back to them more often; agreement and difference by phrases.
 */
export function compareCandidates(message: string): string {
  const wanted = wantedWords(message);
  const candidates = readTags(message, 'candidate').map(
    ({ attributes, text: whole }, index): Candidate => {
      const text = whole.replace(authorsLabel, '');
      const held = countHeld(text, wanted);
      const share = wanted.length === 0 ? 0.5 : held / wanted.length;
      return {
        label: attributes['label'] ?? 'ABCDEFGH'.charAt(index),
        text,
        held,
        depth: text.split(/\n{2,}/).filter((part) => wanted.some((word) => countHeld(part, [word])))
          .length,
        score: Math.round(share * 10),
      };
    },
  );
  const [best] = [...candidates].sort(
    (a, b) => b.held - a.held || b.depth - a.depth || a.label.localeCompare(b.label),
  );
  const phrases = new Set(candidates.flatMap(({ text }) => keyPhrases(clip(text, 3_000), 12)));
  const spread = [...phrases].map((phrase) => ({
    phrase,
    held: candidates.filter(({ text }) => text.includes(phrase)),
  }));
  return JSON.stringify({
    best: best?.label ?? null,
    scores: candidates.map(({ label, score, held }) => ({
      label,
      score,
      reason: `${held} / ${wanted.length}`,
    })),
    consensus: spread
      .filter(({ held }) => held.length === candidates.length)
      .map(({ phrase }) => phrase)
      .slice(0, 6),
    contradictions: findContradictions(candidates),
    unique: spread
      .filter(({ held }) => held.length === 1)
      .map(({ phrase, held }) => `${held[0]?.label}: ${phrase}`)
      .slice(0, 6),
    blind_spots: wanted.filter((word) =>
      candidates.every(({ text }) => countHeld(text, [word]) === 0),
    ),
  });
}

/** The line that says which model wrote it: candidates are compared blind, and it is no statement. */
const authorsLabel = /^\*[^*\n]+\*$/gm;

function wantedWords(message: string): string[] {
  const asked = ['acceptance', 'criteria', 'task'].map((name) => readTag(message, name));
  const given = asked.filter((text) => text !== '').join('\n');
  return criterionWords(given || readTag(message, 'brief'));
}

/** Two sentences with the same words but other numbers. */
function findContradictions(candidates: readonly Candidate[]): string[] {
  const statements = candidates.flatMap(({ label, text }) =>
    sentencesOf(text)
      .filter((sentence) => /\d/.test(sentence))
      .map((sentence) => ({
        label,
        sentence,
        numbers: (sentence.match(/\d+(?:[.,]\d+)?/g) ?? []).join(' '),
        words: keyWords(sentence.replace(/\d+/g, ' ')),
      })),
  );
  const found: string[] = [];
  for (const [index, one] of statements.entries()) {
    for (const other of statements.slice(index + 1)) {
      if (one.label === other.label || one.numbers === other.numbers || one.words.length < 2)
        continue;
      const shared = one.words.filter((word) => other.words.includes(word)).length;
      if (shared / Math.max(one.words.length, other.words.length) < 0.7) continue;
      found.push(
        `${one.label}: “${clip(one.sentence, 120)}” ≠ ${other.label}: “${clip(other.sentence, 120)}”`,
      );
    }
  }
  return found.slice(0, 6);
}
