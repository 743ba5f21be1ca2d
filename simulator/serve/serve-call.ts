import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SimulatedAccount } from '../accounts.ts';
import type { Clock } from '../clock.ts';
import type { Faults, WireFault } from '../faults.ts';
import type { Hostility } from '../hostility/create-hostility.ts';
import type { Breach, Gate } from '../limits/gate.ts';
import { modelsOf, type SimulatedModel } from '../models.ts';
import type { Tally } from '../stats.ts';
import type { Call, Reason, Refusal, Route, Wire } from '../wire/wire.ts';
import { composeReply, contentOf, countInput } from './compose-reply.ts';
import { deliver } from './deliver.ts';
import { paceOf } from './pace.ts';
import { readBody } from './read-body.ts';
import { sendJson } from './send.ts';

export interface ServeDeps {
  clock: Clock;
  seed: string;
  latencyScale: number;
  faults: Faults;
  hostility: Hostility;
}

export interface Visit {
  wire: Wire;
  route: Route & { kind: 'call' };
  account: SimulatedAccount;
  gate: Gate;
  tally: Tally;
  requestId: string;
  request: IncomingMessage;
  response: ServerResponse;
}

/** One inference request: read, admitted by the account's limits, answered over its time. */
export async function serveCall(deps: ServeDeps, visit: Visit): Promise<void> {
  const { wire, account, gate, tally } = visit;
  tally.request();
  const body = await readBody(visit.request);
  if (body === undefined) return refuse(deps, visit, { reason: { kind: 'bad_json' } });
  const reading = wire.readCall(body, visit.route, visit.request.headers);
  if (!reading.ok) {
    const model = modelNamed(visit, body);
    if (model) gate.countFailure(model);
    return refuse(deps, visit, { reason: reading.reason, model });
  }
  const { call } = reading;
  const model = modelsOf(account.provider).find(({ id }) => id === call.model);
  const reason = checkModel(call, model, account);
  if (reason || !model) return refuse(deps, visit, { reason: reason ?? unknownModel(call) });
  if (deps.faults.isUnpaid(account)) {
    return refuse(deps, visit, { reason: { kind: 'unpaid' }, model: call.model });
  }
  const fault = deps.faults.drawFor(account, contentOf(account.provider, call));
  if (fault) tally.fault(fault);
  if (fault === 'revoked_credential') deps.faults.revoke(account);
  const injected = fault && reasonOf(fault, visit, call);
  if (injected) return refuse(deps, visit, { reason: injected, model: call.model });
  return admit(deps, visit, { call, model, fault });
}

async function admit(
  deps: ServeDeps,
  visit: Visit,
  admitted: { call: Call; model: SimulatedModel; fault: WireFault | undefined },
): Promise<void> {
  const { wire, account, gate, tally } = visit;
  const { call, model, fault } = admitted;
  const entry = gate.enter(call.model, {
    inputTokens: countInput(call),
    inputCharacters: call.turns.reduce((sum, turn) => sum + turn.text.length, 0),
    maxTokens: call.maxTokens ?? 0,
  });
  if (!entry.admitted) {
    const reason: Reason = {
      kind: 'limited',
      breach: entry.breach,
      model: call.model,
      bare: false,
    };
    return refuse(deps, visit, { reason, model: call.model });
  }
  tally.begin();
  const gone = new AbortController();
  visit.response.once('close', () => gone.abort());
  const now = deps.clock.now();
  const { reply, damage, delivered } = composeReply(account.provider, call, { ...deps, now });
  if (damage) tally.damage(damage);
  const setting = { seed: deps.seed, scale: deps.latencyScale };
  const content = contentOf(account.provider, call);
  const pace = paceOf(model, { content, tokens: reply.usage.output }, setting);
  if (fault === 'slow_first_token') pace.firstTokenMs += 30_000 * deps.latencyScale;
  const headers = {
    ...idHeader(visit),
    ...wire.limitHeaders(gate.gauges(call.model), now),
    ...(damage ? { 'x-simulated-damage': damage } : {}),
  };
  const line = { clock: deps.clock, response: visit.response, signal: gone.signal };
  let share = 0;
  try {
    share = await deliver(line, { wire, call, reply, pace, headers, fault });
  } finally {
    const used = { input: reply.usage.input, output: Math.round(reply.usage.output * share) };
    entry.leave(used);
    tally.end(used, share === 1);
    if (share === 1) delivered();
  }
}

function checkModel(
  call: Call,
  model: SimulatedModel | undefined,
  account: SimulatedAccount,
): Reason | undefined {
  if (!model || !account.models.includes(call.model)) return unknownModel(call);
  const tokens = countInput(call);
  if (tokens > model.contextTokens) {
    return { kind: 'too_long', tokens, maximum: model.contextTokens };
  }
  return undefined;
}

function unknownModel(call: Call): Reason {
  return { kind: 'unknown_model', model: call.model };
}

function modelNamed(visit: Visit, body: unknown): string | undefined {
  if (visit.route.model) return visit.route.model;
  const named =
    typeof body === 'object' && body !== null && 'model' in body ? body.model : undefined;
  return visit.account.models.find((model) => model === named);
}

/** The refusal of a fault that is one; the others happen while the answer is delivered. */
function reasonOf(fault: WireFault, visit: Visit, call: Call): Reason | undefined {
  switch (fault) {
    case 'rate_limited':
    case 'rate_limited_bare':
      return {
        kind: 'limited',
        breach: inventBreach(visit.gate, call.model),
        model: call.model,
        bare: fault === 'rate_limited_bare',
      };
    case 'overloaded':
    case 'unavailable':
    case 'server_error':
      return { kind: fault };
    case 'revoked_credential':
      return { kind: 'unauthorized', secret: visit.account.secret };
    default:
      return undefined;
  }
}

/** A limit that the vendor says was hit, as with traffic of somebody else on the same account. */
function inventBreach(gate: Gate, model: string): Breach {
  const limit = gate.limitOf(model);
  const known = limit?.rpm ?? limit?.concurrency ?? 1;
  const dimension = limit?.rpm ? 'rpm' : 'concurrency';
  return { dimension, period: 'minute', limit: known, used: known, requested: 1, waitMs: 2_000 };
}

/** The limits' headers go with every answer about a known model, but with one that shall give no hint. */
function refuse(
  deps: ServeDeps,
  visit: Visit,
  told: { reason: Reason; model?: string | undefined },
): void {
  const { wire, gate, tally } = visit;
  const { reason, model } = told;
  const refusal: Refusal = wire.refuse(reason, visit.requestId);
  const silent = model === undefined || (reason.kind === 'limited' && reason.bare);
  const limits = silent ? {} : wire.limitHeaders(gate.gauges(model), deps.clock.now());
  tally.refusal(refusal.status, reason.kind === 'limited');
  sendJson(visit.response, refusal.status, {
    body: refusal.body,
    headers: { ...idHeader(visit), ...limits, ...refusal.headers },
  });
}

function idHeader(visit: Visit): Record<string, string> {
  const name = visit.wire.requestIdHeader;
  return name ? { [name]: visit.requestId } : {};
}
