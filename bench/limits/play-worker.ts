import { parentPort } from 'node:worker_threads';
import type { Part } from './play-parts.ts';
import { playScenario } from './play-scenario.ts';
import { strategies } from './strategies.ts';

// Plays what it is told, one after the other: what a scenario shows depends on its seed alone.
parentPort?.on('message', async ({ strategy, scenario }: Part) => {
  const create = strategies[strategy];
  if (!create) throw new Error(`There is no strategy ${strategy}.`);
  parentPort?.postMessage(await playScenario(scenario, create));
});
