import { cutText } from '../cut-text.ts';
import type { Damage } from '../damage.ts';

/** Backslashes as models write them into JSON (deer-flow#85: `\upcite` broke a plan). */
const strayEscapes = [
  String.raw`Cite as \upcite{ref} and \cite{other}.`,
  String.raw`Use \( \alpha \leq 5\% \) where it fits.`,
  String.raw`The data lie in C:\data\2026\_raw.`,
] as const;

/** A plan whose characters are no valid NDJSON any more, or that ends too early. */
export const breakPlan = {
  'plan.truncated': ({ text }, draw) => ({ text: cutText(text, draw), cut: true }),
  'plan.without_end': ({ text }) => {
    const lines = text.split('\n');
    return lines.length < 2 ? undefined : { text: lines.slice(0, -1).join('\n') };
  },
  'plan.bad_escapes': ({ text }, draw) => {
    const mark = '"instruction":"';
    if (!text.includes(mark)) return undefined;
    const first = Math.floor(draw('escape') * strayEscapes.length);
    const lines = text.split('\n').map((line, index) => {
      const stray = strayEscapes[(first + index) % strayEscapes.length];
      return index % 3 === 1 ? line.replace(mark, () => `${mark}${stray} `) : line;
    });
    return { text: lines.join('\n') };
  },
  'plan.trailing_commas': ({ text }) => ({
    text: text.replace(/(?<!\\)"\]/g, '",]').replace(/\}$/gm, ',}'),
  }),
  // DeepSeek's JSON mode may return nothing but white space, with a `finish_reason` of stop.
  'plan.empty': (_given, draw) => ({ text: draw('blank') < 0.5 ? '' : '\n\n  \n' }),
} satisfies Record<string, Damage>;
