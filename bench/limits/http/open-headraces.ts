import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeAccounts } from '../../../simulator/describe-accounts.ts';
import { joinSharedServer } from '../../../test/shared-server.ts';
import { createDatabase } from '../../create-database.ts';
import { type HeadraceProcess, startProcess } from '../../headrace-process.ts';
import type { OpenContender } from './contender.ts';
import { model } from './pool.ts';

const firstPort = 18_490;

/** So many gateways, processes of their own, on one database and one Redis. */
export function openHeadraces(count: number): OpenContender {
  return async ({ accounts, redisUrl, folder }) => {
    const config = join(folder, 'headrace.yaml');
    await writeFile(config, describeAccounts({ accounts }));
    const server = process.env['HEADRACE_TEST_DATABASE_URL'] ?? (await joinSharedServer());
    const database = await createDatabase(server);
    const open = async (index: number) => {
      const home = join(folder, `headrace-${index}`);
      await mkdir(home);
      return await startProcess(home, {
        port: firstPort + index,
        env: {
          DATABASE_URL: database.url,
          REDIS_URL: redisUrl,
          HEADRACE_CONFIG: config,
          HEADRACE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
          HEADRACE_UPSTREAM_ALLOW_CIDRS: '127.0.0.0/8',
        },
      });
    };
    // The first one alone: it brings the database up to date.
    const gateways: HeadraceProcess[] = [await open(0)];
    for (let index = 1; index < count; index += 1) gateways.push(await open(index));
    return {
      targets: gateways.map(({ url, adminKey }) => ({
        url: `${url}/v1`,
        key: adminKey,
        model: `openai/${model}`,
      })),
      pids: gateways.map(({ pid }) => pid),
      async close() {
        await Promise.all(gateways.map((gateway) => gateway.stop()));
        await database.drop();
      },
    };
  };
}
