import { z } from 'zod';
import { foreignShare } from '../../accounts/index.ts';
import type { Route } from '../server/gateway-app.ts';
import { drawMetrics, type Metric } from './draw-metrics.ts';

/** Prometheus' text format: the pools as they are at this moment. */
export const readMetrics: Route = (app, { accounts, providers }) => {
  app.route({
    method: 'GET',
    url: '/metrics',
    config: { access: 'admin' },
    schema: {
      operationId: 'readMetrics',
      tags: ['health'],
      summary: 'The pools, their accounts and breakers in the text format of Prometheus',
      response: { 200: z.string() },
    },
    async handler(_request, reply) {
      reply.type('text/plain; version=0.0.4; charset=utf-8');
      return drawMetrics([
        ...describeAccounts(await accounts.list()),
        ...describeUse(accounts.gauges()),
        ...describeGates(providers.list()),
      ]);
    },
  });
};

type Desk = Parameters<Route>[1];
type Accounts = Awaited<ReturnType<Desk['accounts']['list']>>;

const states = ['active', 'cooling', 'exhausted', 'quarantined', 'draining', 'disabled'] as const;

/** Every state of every pool, zeros included: an alert on a state that never was would find nothing. */
function describeAccounts(list: Accounts): Metric[] {
  const pools = Map.groupBy(list, ({ provider }) => provider);
  return [
    {
      name: 'headrace_pool_accounts',
      help: 'Accounts of a provider by state; only active and cooling ones take calls.',
      samples: [...pools].flatMap(([provider, pool]) =>
        states.map((state) => ({
          labels: { provider, state },
          value: pool.filter((account) => account.state === state).length,
        })),
      ),
    },
    {
      name: 'headrace_account_state',
      help: '1 for the state in which an account is.',
      samples: list.map(({ id, provider, state }) => ({
        labels: { account: id, provider, state },
        value: 1,
      })),
    },
    {
      name: 'headrace_account_credentials_refused',
      help: 'Keys of an account that its vendor refuses.',
      samples: list.map(({ id, provider, credentials }) => ({
        labels: { account: id, provider },
        value: credentials.filter(({ refusedAt }) => refusedAt !== null).length,
      })),
    },
  ];
}

function describeUse(gauges: ReturnType<Desk['accounts']['gauges']>): Metric[] {
  const labelsOf = ({ accountId, modelClass, dimension }: (typeof gauges)[number]) => ({
    account: accountId,
    models: modelClass.slice(modelClass.indexOf(':') + 1),
    dimension,
  });
  return [
    {
      name: 'headrace_limit_used',
      help: 'What counts against a limit now, reservations included.',
      samples: gauges.map((gauge) => ({ labels: labelsOf(gauge), value: gauge.used })),
    },
    {
      name: 'headrace_limit',
      help: 'Limits that are set or learnt.',
      samples: gauges.flatMap((gauge) =>
        gauge.limit === null ? [] : [{ labels: labelsOf(gauge), value: gauge.limit }],
      ),
    },
    {
      name: 'headrace_account_foreign_use_ratio',
      help: "Share of what was used of a limit in the last minute that answers show to be somebody else's.",
      samples: gauges
        .filter(({ dimension, limit }) => limit !== null && perMinute.has(dimension))
        .map((gauge) => ({ labels: labelsOf(gauge), value: foreignShare(gauge) })),
    },
  ];
}

/** Of a day or of calls at once, nobody can say so. */
const perMinute: ReadonlySet<string> = new Set(['rpm', 'tpm', 'itpm', 'otpm']);

const breakerValues = { closed: 0, half_open: 1, open: 2 } as const;

function describeGates(views: ReturnType<Desk['providers']['list']>): Metric[] {
  const labelsOf = ({ pool }: { pool: string }) => ({ model: pool });
  return [
    {
      name: 'headrace_breaker',
      help: '0 closed, 1 half open, 2 open.',
      samples: views.map((view) => ({
        labels: labelsOf(view),
        value: breakerValues[view.breaker],
      })),
    },
    {
      name: 'headrace_pool_drained',
      help: '1 where an operator has taken the model out.',
      samples: views.map((view) => ({ labels: labelsOf(view), value: Number(view.drained) })),
    },
    {
      name: 'headrace_pool_in_flight',
      help: 'Calls under way.',
      samples: views.map((view) => ({ labels: labelsOf(view), value: view.inFlight })),
    },
  ];
}
