import type { SimulatedAccount } from '../../accounts.ts';
import { matchesModel } from '../../limits/matches-model.ts';
import type { AdminRoute } from '../wire.ts';

const path = /^\/v1\/organization\/projects\/([^/]+)\/rate_limits$/;

/** "List project rate limits": one entry per model, in pages. */
export function routeOpenaiAdmin(asked: string, url: URL): AdminRoute | undefined {
  const project = path.exec(asked)?.[1];
  if (project === undefined) return undefined;
  return {
    project: decodeURIComponent(project),
    answer: (account) => writePage(account, url.searchParams),
  };
}

function writePage(account: SimulatedAccount, asked: URLSearchParams) {
  const all = account.models.map((model) => describeLimit(account, model));
  const after = all.findIndex(({ id }) => id === asked.get('after')) + 1;
  const data = all.slice(after, after + Number(asked.get('limit') ?? 100));
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: after + data.length < all.length,
  };
}

function describeLimit(account: SimulatedAccount, model: string) {
  const limit = account.limits.find(({ models }) =>
    models.some((glob) => matchesModel(glob, model)),
  );
  return {
    object: 'project.rate_limit',
    id: `rl-${model}`,
    model,
    max_requests_per_1_minute: limit?.rpm ?? 0,
    max_tokens_per_1_minute: limit?.tpm ?? 0,
    ...(limit?.rpd ? { max_requests_per_1_day: limit.rpd } : {}),
  };
}
