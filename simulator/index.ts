export type { SimulatedAccount } from './accounts.ts';
export { describeAccounts } from './describe-accounts.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './start-simulator.ts';
