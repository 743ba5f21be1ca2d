import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createAccounts, type SimulatedAccount } from './accounts.ts';
import { type Clock, systemClock } from './clock.ts';
import { digest } from './draw.ts';
import { createFaults, type FaultSettings, type Faults, faultSettings } from './faults.ts';
import {
  createHostility,
  type Hostility,
  type HostilityStats,
} from './hostility/create-hostility.ts';
import {
  type DamageSettings,
  damageSettings,
  defaultHostility,
  hostilities,
} from './hostility/damage-settings.ts';
import { createGate, type Gate, type GateDeps } from './limits/gate.ts';
import { readBody } from './serve/read-body.ts';
import { sendJson } from './serve/send.ts';
import { serveCall } from './serve/serve-call.ts';
import { type AccountStats, createTally, type Tally } from './stats.ts';
import type { AdminRoute, Reason, Wire } from './wire/wire.ts';
import { wires } from './wire/wires.ts';

export interface SimulatorOptions {
  /** 0 (default): any free port. */
  port?: number;
  /** 127.0.0.1 by default. */
  host?: string;
  /** Decides secrets, answers, latencies and faults; `headrace` by default. */
  seed?: string | number;
  /** Nothing goes wrong on purpose, but for what `damage` and `faults` say. */
  kind?: boolean;
  /** How often which answers are damaged, instead of the default. */
  damage?: DamageSettings;
  /** Factor on every latency; 0 answers at once. */
  latencyScale?: number;
  clock?: Clock;
  faults?: FaultSettings;
  /** Instead of the default accounts; their addresses are filled in. */
  accounts?: readonly Omit<SimulatedAccount, 'base_url'>[];
  /** Kind of window per vendor, where a bench asks about another than the assumed one. */
  windows?: GateDeps['windows'];
}

export interface Simulator {
  url: string;
  accounts: SimulatedAccount[];
  stats(): AccountStats[];
  /** How many answers of each group were damaged, and how. */
  damage(): HostilityStats;
  close(): Promise<void>;
}

/** What `POST /_simulator/faults` takes: faults on the wire, and damage of what is said. */
const trouble = faultSettings.extend({ damage: damageSettings.optional() });

interface Desk {
  account: SimulatedAccount;
  gate: Gate;
  tally: Tally;
}

interface House {
  clock: Clock;
  seed: string;
  latencyScale: number;
  faults: Faults;
  hostility: Hostility;
  desks: Desk[];
  visits: number;
}

/** Five vendors on one port, each under its own path; the side API stands under `/_simulator`. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const seed = String(options.seed ?? 'headrace');
  const clock = options.clock ?? systemClock;
  const house: House = {
    clock,
    seed,
    latencyScale: options.latencyScale ?? 1,
    faults: createFaults(seed, options.faults),
    hostility: createHostility(
      seed,
      options.damage ?? (options.kind ? hostilities.none : defaultHostility),
    ),
    desks: [],
    visits: 0,
  };
  const server = createServer((request, response) => {
    receive(house, request, response).catch(() => {
      // A client that went away in the middle leaves nothing to say.
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', () => resolve());
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const url = `http://${options.host ?? '127.0.0.1'}:${port}`;
  const defaults = createAccounts(url, seed);
  const accounts = options.accounts
    ? options.accounts.map((account) => ({ ...account, base_url: addressOf(account, defaults) }))
    : defaults;
  const gateDeps: GateDeps = options.windows ? { clock, windows: options.windows } : { clock };
  house.desks = accounts.map((account) => {
    const gate = createGate(gateDeps, account);
    return { account, gate, tally: createTally(account, gate) };
  });
  return {
    url,
    accounts,
    stats: () => house.desks.map(({ tally }) => tally.read()),
    damage: () => house.hostility.stats(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function addressOf(
  account: Omit<SimulatedAccount, 'base_url'>,
  defaults: readonly SimulatedAccount[],
): string {
  return defaults.find(({ provider }) => provider === account.provider)?.base_url ?? '';
}

async function receive(
  house: House,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const [, prefix = ''] = url.pathname.split('/');
  if (prefix === '_simulator') return serveSideDoor(house, request, response);
  const wire = wires.find(({ provider }) => provider === prefix);
  if (!wire) {
    const error = { message: `No vendor is simulated under /${prefix}` };
    return sendJson(response, 404, { body: { error } });
  }
  house.visits += 1;
  const requestId = `req_sim${digest(house.seed, 'visit', house.visits).slice(0, 20)}`;
  const path = url.pathname.slice(prefix.length + 1);
  const secret = wire.secretOf(request.headers, url);
  const admin = request.method === 'GET' ? wire.adminRoute?.(path, url) : undefined;
  if (admin) return serveAdmin(house, wire, { admin, secret, path, requestId, response });
  const desk = house.desks.find(
    ({ account }) => account.provider === wire.provider && account.secret === secret,
  );
  const route = wire.route(request.method ?? 'GET', path, url);
  if (!desk || house.faults.isRevoked(desk.account)) {
    desk?.tally.refusal(401, false);
    return turnAway(wire, { kind: 'unauthorized', secret }, { requestId, response });
  }
  if (!route) return turnAway(wire, { kind: 'no_route', path }, { requestId, response });
  if (route.kind === 'call') {
    return serveCall(house, { ...desk, wire, route, requestId, request, response });
  }
  const standing = { unpaid: house.faults.isUnpaid(desk.account) };
  sendJson(response, 200, { body: route.answer(desk.account, standing) });
}

interface AdminVisit {
  admin: AdminRoute;
  secret: string | undefined;
  path: string;
  requestId: string;
  response: ServerResponse;
}

/** Every account is an organisation with one project; keys that call may not ask, as at the vendors. */
function serveAdmin(house: House, wire: Wire, visit: AdminVisit): void {
  const { admin, secret, path } = visit;
  const account = house.desks
    .map((desk) => desk.account)
    .find((each) => each.provider === wire.provider && each.admin?.secret === secret);
  if (!account) {
    turnAway(wire, { kind: 'unauthorized', secret }, visit);
  } else if (admin.project !== null && admin.project !== account.admin?.project) {
    turnAway(wire, { kind: 'no_route', path }, visit);
  } else {
    sendJson(visit.response, 200, { body: admin.answer(account) });
  }
}

function turnAway(
  wire: Wire,
  reason: Reason,
  visit: { requestId: string; response: ServerResponse },
): void {
  const refusal = wire.refuse(reason, visit.requestId);
  const id = wire.requestIdHeader ? { [wire.requestIdHeader]: visit.requestId } : {};
  sendJson(visit.response, refusal.status, {
    body: refusal.body,
    headers: { ...id, ...refusal.headers },
  });
}

async function serveSideDoor(
  house: House,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = `${request.method} ${new URL(request.url ?? '/', 'http://simulator').pathname}`;
  if (asked === 'GET /_simulator/stats') {
    const accounts = house.desks.map(({ tally }) => tally.read());
    return sendJson(response, 200, { body: { accounts, damage: house.hostility.stats() } });
  }
  if (asked === 'POST /_simulator/faults') {
    const settings = trouble.safeParse(await readBody(request));
    if (settings.success) {
      const { damage, ...faults } = settings.data;
      if (damage) house.hostility.configure(damage);
      const body = { ...house.faults.configure(faults), damage: house.hostility.settings() };
      return sendJson(response, 200, { body });
    }
    return sendJson(response, 400, { body: { error: { message: settings.error.message } } });
  }
  sendJson(response, 404, { body: { error: { message: `There is no ${asked}` } } });
}
