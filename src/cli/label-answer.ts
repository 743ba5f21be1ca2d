import { z } from 'zod';
import type { CliDeps } from './cli-deps.ts';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { withGateway } from './manage-runs.ts';
import type { GlobalOptions } from './options.ts';
import { createScreen } from './screen.ts';

const label = z.looseObject({ task_id: z.string(), passed: z.boolean() });

export interface LabelOptions extends GlobalOptions {
  right?: boolean;
  wrong?: boolean;
}

/** `headrace runs label RUN TASK --right|--wrong`: a person's word on an answer. */
export function labelAnswer(
  deps: CliDeps,
  [runId, task]: readonly [string, string],
  options: LabelOptions,
): Promise<number> {
  const passed = options.right === true;
  if (passed === (options.wrong === true)) {
    throw new CliError('request_invalid', {
      message: 'Nothing says whether the answer was right.',
      fix: 'Give either --right or --wrong.',
    });
  }
  return withGateway(deps, { ...options, idle: true }, async ({ client }) => {
    const labelled = await client.request({
      method: 'PUT',
      path: `/api/v1/runs/${runId}/tasks/${encodeURIComponent(task)}/label`,
      body: { passed },
      schema: label,
    });
    createScreen(deps, { json: options.json === true }).print(
      options.json
        ? JSON.stringify(labelled, null, 2)
        : `the answer of ${task} is labelled ${labelled.passed ? 'right' : 'wrong'}`,
    );
    return exitCodes.passed;
  });
}
