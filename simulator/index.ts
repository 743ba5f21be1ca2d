export type { SimulatedAccount } from './accounts.ts';
export { describeAccounts } from './describe-accounts.ts';
export { hostilities } from './hostility/damage-settings.ts';
export {
  createBucket,
  createFixedWindow,
  createSlidingWindow,
  type Meter,
  type WindowKind,
} from './limits/meter.ts';
export { readFaults } from './read-faults.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './start-simulator.ts';
