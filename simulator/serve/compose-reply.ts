import { digest } from '../draw.ts';
import type { Encounter, Hostility } from '../hostility/create-hostility.ts';
import type { DamageName } from '../hostility/damage-settings.ts';
import type { Ask } from '../mind/ask.ts';
import { readPrompt } from '../mind/read-prompt.ts';
import { reflect } from '../mind/reflect.ts';
import { think } from '../mind/think.ts';
import type { ProviderName } from '../models.ts';
import { countTokens, cutTokens } from '../tokens.ts';
import type { Call, Reply } from '../wire/wire.ts';

export interface Composer {
  seed: string;
  now: number;
  hostility: Hostility;
}

export interface Composition {
  reply: Reply;
  /** What was done to the answer. */
  damage: DamageName | undefined;
  /** To be called when the answer reached its client whole. */
  delivered(): void;
}

/** The answer to a call, by seed and content alone: which account was asked does not matter. */
export function composeReply(provider: ProviderName, call: Call, composer: Composer): Composition {
  const cap = call.maxTokens ?? Number.POSITIVE_INFINITY;
  const thought = call.thinking ? cutTokens(reflect(call.turns), Math.floor(cap * 0.15)) : '';
  const ask: Ask = {
    seed: composer.seed,
    author: `${provider}/${call.model}`,
    turns: call.turns,
    demand: call.demand,
    room: cap - countTokens(thought),
    missesCriterion: false,
  };
  const whole = think(ask);
  const encounter = meetDamage(composer.hostility, ask, {
    text: whole,
    reasoning: call.showThinking ? thought : '',
  });
  const given = encounter?.damaged ?? { text: whole };
  const reasoning = given.reasoning ?? thought;
  const text = given.beyondCap ? given.text : cutTokens(given.text, ask.room);
  const reasoningTokens = countTokens(reasoning);
  const reply: Reply = {
    id: digest(composer.seed, 'reply', contentOf(provider, call)),
    text,
    reasoning,
    finish: given.cut || text.length < given.text.length ? 'length' : 'stop',
    usage: {
      input: countInput(call),
      cached: provider === 'anthropic' ? 0 : countCached(call),
      output: countTokens(text) + reasoningTokens,
      reasoning: reasoningTokens,
    },
    createdAt: composer.now,
  };
  return {
    reply,
    damage: encounter?.damage,
    delivered: () => encounter?.delivered(),
  };
}

/** Only what plays one of Headrace's roles is damaged; an ordinary chat never is. */
function meetDamage(
  hostility: Hostility,
  ask: Ask,
  given: { text: string; reasoning: string },
): Encounter | undefined {
  const { role, message } = readPrompt(ask.turns);
  if (!role) return undefined;
  return hostility.meet({
    ...given,
    role,
    message,
    author: ask.author,
    room: ask.room,
    free: ask.demand.kind === 'text',
    withoutCriterion: () => think({ ...ask, missesCriterion: true }),
  });
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
