import { digest } from '../draw.ts';
import { reflect } from '../mind/reflect.ts';
import { think } from '../mind/think.ts';
import type { ProviderName } from '../models.ts';
import { countTokens, cutTokens } from '../tokens.ts';
import type { Call, Reply } from '../wire/wire.ts';

export interface Composer {
  seed: string;
  now: number;
  missedCriterionRate: number;
}

/** The answer to a call, by seed and content alone: which account was asked does not matter. */
export function composeReply(provider: ProviderName, call: Call, composer: Composer): Reply {
  const content = contentOf(provider, call);
  const cap = call.maxTokens ?? Number.POSITIVE_INFINITY;
  const reasoning = call.thinking ? cutTokens(reflect(call.turns), Math.floor(cap * 0.15)) : '';
  const reasoningTokens = countTokens(reasoning);
  const room = cap - reasoningTokens;
  const whole = think({
    seed: composer.seed,
    author: `${provider}/${call.model}`,
    turns: call.turns,
    demand: call.demand,
    room,
    missedCriterionRate: composer.missedCriterionRate,
  });
  const text = cutTokens(whole, room);
  return {
    id: digest(composer.seed, 'reply', content),
    text,
    reasoning,
    finish: text.length < whole.length ? 'length' : 'stop',
    usage: {
      input: countInput(call),
      cached: provider === 'anthropic' ? 0 : countCached(call),
      output: countTokens(text) + reasoningTokens,
      reasoning: reasoningTokens,
    },
    createdAt: composer.now,
  };
}

/** What makes two requests the same. */
export function contentOf(provider: ProviderName, call: Call): string {
  const { model, turns, maxTokens, demand, thinking } = call;
  return JSON.stringify([provider, model, turns, maxTokens ?? null, demand, thinking]);
}

export function countInput(call: Call): number {
  return call.turns.reduce((sum, turn) => sum + countTokens(turn.text) + 4, 3);
}

/** A conversation's beginning was sent before, so it is found in the cache from 1,024 tokens on, in steps of 128. */
function countCached(call: Call): number {
  const last = call.turns.findLastIndex((turn) => turn.role === 'assistant');
  const prefix = call.turns.slice(0, last + 1);
  const tokens = prefix.reduce((sum, turn) => sum + countTokens(turn.text) + 4, 0);
  return tokens < 1024 ? 0 : tokens - (tokens % 128);
}
