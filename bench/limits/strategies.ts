import {
  createLeastBusy,
  createRoundRobin,
  createUsageBased,
  createWeightedRandom,
} from './baselines.ts';
import { createHeadrace } from './create-headrace.ts';
import type { CreateStrategy } from './scenario.ts';

export const ours = 'Headrace';

/** By the name that the table shows. */
export const strategies: Readonly<Record<string, CreateStrategy>> = {
  [ours]: createHeadrace,
  'round-robin with retry': createRoundRobin,
  'weighted random': createWeightedRandom,
  'least busy': createLeastBusy,
  'usage-based (a model of LiteLLM)': createUsageBased,
};

export const baselines = Object.keys(strategies).filter((name) => name !== ours);
