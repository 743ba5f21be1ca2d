import { z } from 'zod';

/** What a judge writes. */
export const judgement = z.object({
  criteria: z.array(
    z.object({ text: z.string(), met: z.boolean(), evidence: z.string().nullish() }),
  ),
  defects: z
    .array(z.object({ task_id: z.string(), criterion: z.string(), fix: z.string() }))
    .optional(),
  /** Of the contradictions that it was shown, by their numbers from 1. */
  contradictions: z
    .array(z.object({ number: z.int(), real: z.boolean(), reason: z.string().nullish() }))
    .optional(),
});
export type Judgement = z.infer<typeof judgement>;

/** What one juror said, its criteria in the commission's order whatever order it was asked in. */
export interface Opinion {
  /** `provider/model`. */
  model: string;
  /** `undefined`: the juror said nothing about this criterion. */
  criteria: (Judgement['criteria'][number] | undefined)[];
  defects: NonNullable<Judgement['defects']>;
  /** Places, from 0, of contradictions in which it sees none, with its reason. */
  dismissed: ReadonlyMap<number, string>;
}
