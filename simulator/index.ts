export type { SimulatedAccount, SimulatedLimit } from './accounts.ts';
export { describeAccounts } from './describe-accounts.ts';
export type { FaultSettings, WireFault } from './faults.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './start-simulator.ts';
export type { AccountStats } from './stats.ts';
