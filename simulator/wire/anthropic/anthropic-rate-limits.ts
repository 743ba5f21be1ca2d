import type { SimulatedAccount, SimulatedLimit } from '../../accounts.ts';
import { digest } from '../../draw.ts';
import { matchesModel } from '../../limits/matches-model.ts';
import type { AdminRoute } from '../wire.ts';

const path = /^\/v1\/organizations(?:\/workspaces\/([^/]+))?\/rate_limits$/;

const types = [
  ['requests_per_minute', 'rpm'],
  ['input_tokens_per_minute', 'itpm'],
  ['output_tokens_per_minute', 'otpm'],
] as const;

/** The Rate Limits API: the organisation's groups, or those of a workspace. */
export function routeAnthropicAdmin(asked: string, url: URL): AdminRoute | undefined {
  const found = path.exec(asked);
  if (!found) return undefined;
  const workspace = found[1] === undefined ? null : decodeURIComponent(found[1]);
  const type = url.searchParams.get('group_type') ?? 'model_group';
  // A workspace without overrides lists only what it inherits, and that only when asked to.
  const lists = workspace === null || url.searchParams.get('include_inherited') === 'true';
  return {
    project: workspace,
    answer: (account) => ({
      data: lists && type === 'model_group' ? writeGroups(account, workspace) : [],
      next_page: null,
    }),
  };
}

/** A model counts in the first group whose patterns name it. */
function writeGroups(account: SimulatedAccount, workspace: string | null) {
  const groups = Map.groupBy(account.models, (model) =>
    account.limits.find(({ models }) => models.some((glob) => matchesModel(glob, model))),
  );
  return [...groups].flatMap(([limit, models]) =>
    limit ? [writeGroup({ account, limit, models }, workspace)] : [],
  );
}

function writeGroup(
  {
    account,
    limit,
    models,
  }: { account: SimulatedAccount; limit: SimulatedLimit; models: string[] },
  workspace: string | null,
) {
  const id = `rlg_${digest(models.join()).slice(0, 24)}`;
  const group = { type: 'model_group', id, display_name: models.join(', ') };
  const entry = `${account.id}-${id}`;
  const values = types.flatMap(([type, dimension]) => {
    const value = limit[dimension];
    return value === null ? [] : [{ type, value }];
  });
  if (workspace === null) return { type: 'rate_limit', id: entry, group, models, limits: values };
  return {
    type: 'workspace_rate_limit',
    rate_limit_id: entry,
    workspace_id: workspace,
    group,
    models,
    limits: values.map((limit) => ({
      ...limit,
      org_limit: limit.value,
      source: { type: 'organization' },
    })),
  };
}
