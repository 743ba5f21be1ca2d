import { z } from 'zod';
import { startSimulator } from '../../../simulator/index.ts';
import { poolAccounts } from './pool.ts';

// A process of its own, so that the vendors' work is not counted as anybody's gateway. Its argument is the
// kind of window that the vendors enforce; its first line of output is its address.
const window = z.enum(['sliding', 'bucket', 'fixed']).parse(process.argv[2]);
const simulator = await startSimulator({
  kind: true,
  accounts: poolAccounts,
  windows: { openai: window },
});
process.stdout.write(`${simulator.url}\n`);
process.once('SIGTERM', () => void simulator.close().then(() => process.exit(0)));
