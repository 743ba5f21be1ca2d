import { z } from 'zod';
import type { ProjectInput } from '../../orchestration/index.ts';
import { lanes } from '../../platform/lanes.ts';
import { panelForm, panelSize } from '../../platform/panel-size.ts';
import { durationForm, parseDuration } from '../../platform/parse-duration.ts';

const longestTimeoutMs = 7 * 24 * 3_600_000;

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, `expected ${durationForm}`)
  .describe('Such as 90s, 30m, 2h or 1h30m; a week at most.')
  .refine((text) => {
    const ms = parseDuration(text);
    return ms === null || (ms >= 1_000 && ms <= longestTimeoutMs);
  }, 'expected between one second and one week');

const modelName = z.string().min(1).max(256);

/** What a project asks of its runs; a rerun may override each of them. */
export const settingsInput = z.strictObject({
  models: z
    .array(modelName)
    .max(64)
    .optional()
    .describe('provider/model, a bare name or an alias.'),
  orchestrator: modelName.optional(),
  clarify: z.enum(['ask', 'auto', 'off']).optional(),
  approve: z.enum(['ask', 'auto']).optional(),
  panel: z
    .int(`expected ${panelForm}`)
    .min(panelSize.least, `expected ${panelForm}`)
    .max(panelSize.most, `expected ${panelForm}`)
    .optional()
    .describe('Models that answer each section side by side; left out, one does.'),
  budget: z
    .strictObject({
      usd: z.number().positive().max(1_000_000).optional(),
      tokens: z.int().positive().optional(),
    })
    .optional(),
  timeout: duration.optional(),
  lane: z.enum(lanes).optional(),
  rework: z.int().min(0).max(2).optional().describe('Rounds of rework at most.'),
});

export function readSettings({
  timeout,
  ...rest
}: z.infer<typeof settingsInput>): Omit<ProjectInput, 'brief' | 'files'> {
  const timeoutMs = timeout === undefined ? null : parseDuration(timeout);
  return timeoutMs === null ? rest : { ...rest, timeoutMs };
}
