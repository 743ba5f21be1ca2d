import type { Dispatch } from '../../dispatch/index.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { panelForm, panelSize } from '../../platform/panel-size.ts';
import type { RunSettings } from '../documents.ts';
import type { AttachedFile, ProjectInput } from '../orchestration.ts';
import { cutText } from '../storable.ts';

const briefLimitBytes = 1_048_576;
const mostFiles = 100;
const defaultTimeoutMs = 60 * 60_000;
const longestTimeoutMs = 7 * 24 * 60 * 60_000;

/** What a project asks of its runs, checked; models by their full names. Throws `model_unknown`, `request_invalid`. */
export function validateSettings(
  input: Omit<ProjectInput, 'brief' | 'files'>,
  dispatch: Pick<Dispatch, 'resolveModel' | 'models'>,
): RunSettings {
  if (dispatch.models().length === 0) throw new HeadraceError('no_accounts');
  const resolve = (name: string) => dispatch.resolveModel(name).id;
  return {
    models: [...new Set((input.models ?? []).map(resolve))],
    orchestrator: input.orchestrator === undefined ? null : resolve(input.orchestrator),
    clarify: input.clarify ?? 'auto',
    approve: input.approve ?? 'auto',
    panel: validatePanel(input.panel),
    budget: validateBudget(input.budget),
    timeout_ms: requireNumber('timeout', input.timeoutMs ?? defaultTimeoutMs, {
      least: 1_000,
      most: longestTimeoutMs,
    }),
    lane: input.lane ?? 'standard',
    rework: requireNumber('rework', input.rework ?? 1, { least: 0, most: 2, whole: true }),
    temperature: null,
  };
}

/** 0 stands for none: nobody asked for one. */
function validatePanel(panel: number | undefined): number {
  if (panel === undefined) return 0;
  if (Number.isInteger(panel) && panel >= panelSize.least && panel <= panelSize.most) return panel;
  const message = `panel is ${panel}; it is ${panelForm}.`;
  throw new HeadraceError('request_invalid', { message, where: 'panel' });
}

function validateBudget(budget: ProjectInput['budget']): RunSettings['budget'] {
  const most = Number.MAX_SAFE_INTEGER / 1e9;
  return {
    usd:
      budget?.usd === undefined
        ? null
        : requireNumber('budget.usd', budget.usd, { least: 0, most }),
    tokens:
      budget?.tokens === undefined
        ? null
        : requireNumber('budget.tokens', budget.tokens, {
            least: 0,
            most: Number.MAX_SAFE_INTEGER,
            whole: true,
          }),
  };
}

function requireNumber(
  where: string,
  value: number,
  bounds: { least: number; most: number; whole?: boolean },
): number {
  const fits = value >= bounds.least && value <= bounds.most;
  if (fits && (!bounds.whole || Number.isInteger(value))) return value;
  throw new HeadraceError('request_invalid', {
    message: `${where} is ${value}; it is a ${bounds.whole ? 'whole ' : ''}number from ${bounds.least} to ${bounds.most}.`,
    where,
  });
}

/** Throws `brief_empty`, `brief_too_large`, `brief_not_text`. */
export function validateBrief(brief: string): string {
  if (brief.trim() === '') throw new HeadraceError('brief_empty', { where: 'brief' });
  const bytes = Buffer.byteLength(brief);
  if (bytes > briefLimitBytes) {
    throw new HeadraceError('brief_too_large', {
      message: `The brief has ${bytes} bytes; at most ${briefLimitBytes} are read.`,
      where: 'brief',
    });
  }
  // A NUL is no text in any encoding that people write, and PostgreSQL refuses it.
  if (brief.includes('\0')) throw new HeadraceError('brief_not_text', { where: 'brief' });
  // A byte order mark says how a file is encoded, and would stand before the first word of every prompt.
  return brief.replace(/^\uFEFF/, '').toWellFormed();
}

/** Names that can be shown and told apart. */
export function validateFiles(files: readonly AttachedFile[]): readonly AttachedFile[] {
  if (files.length > mostFiles) {
    throw new HeadraceError('request_invalid', {
      message: `${files.length} files are attached; at most ${mostFiles} are read.`,
      where: 'files',
    });
  }
  for (const [index, file] of files.entries()) {
    if (file.name.trim() === '' || file.name.includes('\0')) {
      throw new HeadraceError('request_invalid', {
        message: 'An attached file has no name.',
        where: `files[${index}].name`,
      });
    }
  }
  return files;
}

/** The first line that says something, without Markdown's heading marks. */
export function titleOf(brief: string): string {
  const line = brief
    .split('\n')
    .map((text) => text.replace(/^[#>*\-\s]+/, '').trim())
    .find((text) => text !== '');
  const title = line ?? 'Untitled';
  return cutText(title, 100);
}
