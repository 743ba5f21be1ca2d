export { startWorkers, type Workers, type WorkersOptions } from './start-workers.ts';
export type { WorkersDeps } from './workers-deps.ts';
