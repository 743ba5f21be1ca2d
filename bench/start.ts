import { join } from 'node:path';
import { silentLog } from '../src/platform/log.ts';
import { startEmbeddedPostgres } from '../src/platform/store/embedded/start-embedded-postgres.ts';
import { startProcess, withTemporaryFolder } from './headrace-process.ts';
import { report, spread } from './report.ts';

const rounds = 5;
const port = 18_471;

/** `npm run bench:start`: how long a person waits for the gateway and for the first database. */
async function measureStart(): Promise<void> {
  const database: number[] = [];
  const firstServe: number[] = [];
  const laterServe: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await withTemporaryFolder(async (folder) => {
      const began = performance.now();
      const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'db'), log: silentLog });
      database.push(performance.now() - began);
      await postgres.stop();
      const dataDir = join(folder, 'data');
      for (const kept of [firstServe, laterServe]) {
        const headrace = await startProcess(dataDir, { port, args: ['--simulate'] });
        kept.push(headrace.readyAfterMs);
        await headrace.stop();
      }
    });
  }
  const figures = {
    database: spread(database, 'ms'),
    first: spread(firstServe, 'ms'),
    later: spread(laterServe, 'ms'),
  };
  report(
    'start',
    [
      {
        name: 'embedded PostgreSQL, first start',
        goal: '≤ 2,000 ms',
        measured: figures.database.text,
        met: figures.database.median <= 2_000,
      },
      {
        name: 'serve to ready, after the first set-up',
        goal: '≤ 1,500 ms',
        measured: figures.later.text,
        met: figures.later.median <= 1_500,
      },
      {
        name: 'serve to ready, first start (database made and migrated)',
        goal: '–',
        measured: figures.first.text,
        met: true,
      },
    ],
    [`Minimum / median / maximum of ${rounds} rounds; \`npm run bench:start\`.`],
  );
}

await measureStart();
