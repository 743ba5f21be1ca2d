import { type Account, type Cost, loadAccounts, type SeatView } from '../../accounts/index.ts';
import { sizeOf } from '../call-size.ts';
import type { DispatchDeps } from '../dispatch-deps.ts';
import type { DispatchParts } from '../dispatch-parts.ts';
import type { Pool } from '../model-directory.ts';
import { resolveModel } from '../resolve-model.ts';
import {
  type ChoiceTerms,
  type Contender,
  reasonOfChosen,
  reasonOfFitting,
} from './choice-reason.ts';

export interface ChoiceQuestion {
  /** As people write it: an alias, `provider/model`, or a bare name. */
  model: string;
  /** Tokens. */
  input: number;
  output: number;
  affinity?: string | undefined;
}

export interface ChoiceExplanation {
  /** `provider/model`. */
  model: string;
  /** What such a call takes from each dimension, as its vendor counts. */
  cost: Cost;
  chosen: string | null;
  /** What keeps every call from the model now, whichever account has room; `null`: nothing. */
  held: HeldModel | null;
  /** The chosen one first, then those that fit, those that wait, those that are out. */
  accounts: ExplainedAccount[];
}

export interface HeldModel {
  /** An operator took it out, or it fails too often to be asked. */
  by: 'drain' | 'breaker';
  /** `null`: until an operator takes it back. */
  waitMs: number | null;
  /** One sentence for a person. */
  reason: string;
}

export interface ExplainedAccount {
  id: string;
  state: Account['state'];
  verdict: 'chosen' | 'fits' | 'waits' | 'too_large' | 'out';
  /** Smallest share of a limit that such a call would leave, 0..1. */
  headroom: number;
  weight: number;
  priceFactor: number;
  /** `null`: nobody knows, or never. */
  waitMs: number | null;
  /** One sentence for a person. */
  reason: string;
}

type Parts = Pick<
  DispatchParts,
  'clock' | 'limiter' | 'gates' | 'directory' | 'aliases' | 'choice'
> &
  Pick<DispatchDeps, 'store'>;

/**
 * Which account a call of this size would get now, and why each other of its provider would not.
 * @throws HeadraceError `model_unknown`, `no_accounts`
 */
export async function explainChoice(
  parts: Parts,
  { model, input, output, affinity }: ChoiceQuestion,
): Promise<ChoiceExplanation> {
  const { limiter, clock } = parts;
  const pool = resolveModel(parts.directory(), parts.aliases, model);
  const size = sizeOf({ input, output: Math.min(output, pool.info.maxOutputTokens) });
  const cost = pool.provider.charge(size);
  const ask = {
    candidates: pool.candidates,
    cost,
    expiresAt: clock.now(),
    affinity,
    choice: parts.choice,
  };
  const views = new Map(limiter.explain(ask).map((view) => [view.accountId, view]));
  const stored = (await loadAccounts(parts.store)).filter(
    ({ provider }) => provider === pool.info.provider,
  );
  const fitting = stored.flatMap((account): Contender[] => {
    const view = views.get(account.id);
    return view?.verdict === 'fits' ? [contenderOf(account, view)] : [];
  });
  const held = heldModel(parts, pool);
  const chosen = held ? null : (fitting.find(({ id }) => views.get(id)?.chosen) ?? null);
  const terms = { affinity, policy: parts.choice };
  const accounts = stored.map((account) =>
    explainAccount({ pool, account, view: views.get(account.id), chosen, fitting, terms }),
  );
  return {
    model: pool.info.id,
    cost,
    chosen: chosen?.id ?? null,
    held,
    accounts: accounts.toSorted(
      (one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict),
    ),
  };
}

function heldModel({ gates }: Parts, { info }: Pool): HeldModel | null {
  const refusal = gates.of(info.id).refusal();
  if (refusal?.reason === 'drained') {
    return { by: 'drain', waitMs: null, reason: `An operator has taken ${info.id} out.` };
  }
  if (refusal?.reason !== 'breaker') return null;
  const { waitMs } = refusal;
  const when = waitMs > 0 ? `; it is tried again in ${seconds(waitMs)}` : ' and is being tried';
  return { by: 'breaker', waitMs, reason: `${info.id} fails too often to be asked now${when}.` };
}

const order: readonly ExplainedAccount['verdict'][] = [
  'chosen',
  'fits',
  'waits',
  'too_large',
  'out',
];

interface Facts {
  pool: Pool;
  account: Account;
  view: SeatView | undefined;
  chosen: Contender | null;
  fitting: readonly Contender[];
  terms: ChoiceTerms;
}

function explainAccount(facts: Facts): ExplainedAccount {
  const { pool, account, view } = facts;
  const { id, state, weight, priceFactor } = account;
  const about = { id, state, headroom: view?.headroom ?? 0, weight, priceFactor };
  const waitMs = view?.waitMs ?? null;
  switch (view?.verdict) {
    case undefined:
    case 'unusable':
      return { ...about, verdict: 'out', waitMs, reason: outReason(pool, account) };
    case 'fits':
      return { ...about, ...explainFitting(facts, contenderOf(account, view)), waitMs };
    case 'too_large':
      return {
        ...about,
        verdict: 'too_large',
        waitMs,
        reason: `The call is larger than its whole ${view.blockedBy ?? ''} limit.`,
      };
    case 'waits':
      return { ...about, verdict: 'waits', waitMs, reason: waitReason(view, account) };
  }
}

function explainFitting(
  { chosen, fitting, terms }: Facts,
  own: Contender,
): Pick<ExplainedAccount, 'verdict' | 'reason'> {
  if (own.id !== chosen?.id)
    return { verdict: 'fits', reason: reasonOfFitting(own, chosen, terms) };
  const others = fitting.filter(({ id }) => id !== own.id);
  return { verdict: 'chosen', reason: reasonOfChosen(own, others, terms) };
}

function contenderOf({ id, weight, priceFactor }: Account, { headroom }: SeatView): Contender {
  return { id, headroom, weight, priceFactor };
}

function waitReason({ waitMs, blockedBy, modelClass }: SeatView, account: Account): string {
  const when = waitMs === null ? 'until calls under way end' : `for ${seconds(waitMs)}`;
  if (blockedBy !== 'pause') return `Its ${blockedBy ?? 'limit'} is used up ${when}.`;
  const pause = account.pauses.find(
    (held) => held.modelClass === null || held.modelClass === modelClass,
  );
  if (!pause) return `It is held back ${when}.`;
  const word = pause.provenance === 'stated' ? 'as its vendor said' : 'by a guess, then tried';
  return `It is ${pause.state} (${pause.kind}) ${when}, ${word}: ${pause.message}`;
}

function outReason({ info, accounts, candidates }: Pool, account: Account): string {
  if (account.state === 'disabled' || account.state === 'draining') {
    return `It is ${account.state}: ${account.stateReason?.message ?? 'an operator said so.'}`;
  }
  if (!accounts.some(({ id }) => id === account.id)) return `It does not serve ${info.model}.`;
  if (!candidates.some(({ accountId }) => accountId === account.id)) {
    return `Its vendor refused it ${info.model} of late.`;
  }
  return 'It is not in use in this process.';
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
