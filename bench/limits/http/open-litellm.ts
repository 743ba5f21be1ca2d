import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from './child-process.ts';
import type { OpenContender, Surroundings } from './contender.ts';
import { model } from './pool.ts';

const firstPort = 18_520;
const key = 'sk-bench-litellm';
const startMs = 120_000;

/** So many LiteLLM proxies that share one Redis, with its routing by usage and its own retries. */
export function openLitellm(program: string, count: number): OpenContender {
  return async (surroundings) => {
    const config = join(surroundings.folder, 'litellm.yaml');
    // JSON is YAML.
    await writeFile(config, JSON.stringify(describe(surroundings)));
    const proxies = Array.from({ length: count }, (_, index) => {
      const port = firstPort + index;
      const command = [program, '--config', config, '--host', '127.0.0.1', '--port', `${port}`];
      const env = { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_TELEMETRY: 'False' };
      const child = startChild(command as [string, ...string[]], { env });
      return { ...child, url: `http://127.0.0.1:${port}` };
    });
    const close = async () => {
      await Promise.all(proxies.map((proxy) => proxy.stop()));
    };
    try {
      await Promise.all(proxies.map(isReady));
    } catch (error) {
      await close();
      throw error;
    }
    return {
      targets: proxies.map(({ url }) => ({ url: `${url}/v1`, key, model: 'pool' })),
      pids: proxies.map(({ pid }) => pid),
      close,
    };
  };
}

function describe({ accounts, redisUrl }: Surroundings) {
  const { hostname, port } = new URL(redisUrl);
  return {
    model_list: accounts.map(({ base_url, secret, limits: [limit] }) => ({
      model_name: 'pool',
      litellm_params: {
        model: `openai/${model}`,
        api_base: base_url,
        api_key: secret,
        rpm: limit?.rpm,
        tpm: limit?.tpm,
      },
    })),
    router_settings: {
      routing_strategy: 'usage-based-routing-v2',
      num_retries: 3,
      redis_host: hostname,
      redis_port: Number(port),
    },
    litellm_settings: { telemetry: false },
    general_settings: { master_key: key },
  };
}

async function isReady(proxy: ReturnType<typeof startChild> & { url: string }): Promise<void> {
  const endAt = Date.now() + startMs;
  while (Date.now() < endAt) {
    const ended = proxy.ended();
    if (ended !== null) throw new Error(`LiteLLM ended early: ${ended}`);
    const answer = await fetch(`${proxy.url}/health/liveliness`).catch(() => null);
    if (answer?.ok) return;
    await sleep(200);
  }
  throw new Error('LiteLLM did not come up.');
}
