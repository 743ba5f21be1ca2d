import { digest } from './draw.ts';
import { modelsOf, type ProviderName, providerNames } from './models.ts';

/** `null`: this vendor has no such limit. Per minute, per day, at once; tokens of the whole, the input, the output. */
export interface SimulatedLimit {
  models: string[];
  rpm: number | null;
  rpd: number | null;
  tpm: number | null;
  itpm: number | null;
  otpm: number | null;
  concurrency: number | null;
}

export interface SimulatedAccount {
  id: string;
  provider: ProviderName;
  base_url: string;
  secret: string;
  models: string[];
  limits: SimulatedLimit[];
  /** The key of its organisation's administrators, and the project or workspace that it is there. */
  admin?: { secret: string; project: string };
}

/** Where each vendor's protocol stands on the simulator's port, as a client's base address. */
export const basePaths: Record<ProviderName, string> = {
  openai: '/openai/v1',
  anthropic: '/anthropic',
  gemini: '/gemini',
  deepseek: '/deepseek',
  qwen: '/qwen/compatible-mode/v1',
};

const keyPrefixes: Record<ProviderName, string> = {
  openai: 'sk-proj-sim',
  anthropic: 'sk-ant-sim',
  gemini: 'AIzaSim',
  deepseek: 'sk-sim',
  qwen: 'sk-sim',
};

/** Vendors that tell limits to administrators: the beginnings of their keys and of what they call a project. */
const administrations: Partial<Record<ProviderName, { key: string; project: string }>> = {
  openai: { key: 'sk-admin-sim', project: 'proj_sim' },
  anthropic: { key: 'sk-ant-admin-sim', project: 'wrkspc_sim' },
};

const noLimit = { rpm: null, rpd: null, tpm: null, itpm: null, otpm: null, concurrency: null };

function limit(models: string[], numbers: Partial<SimulatedLimit>): SimulatedLimit {
  return { ...noLimit, ...numbers, models };
}

/** A class of Anthropic's models shares one limit; each of these classes has one model. */
function anthropicClasses(rpm: number, itpm: number, otpm: number): SimulatedLimit[] {
  return [
    limit(['claude-opus-*'], { rpm, itpm, otpm }),
    limit(['claude-fable-*'], { rpm, itpm, otpm }),
    limit(['claude-sonnet-*'], { rpm: rpm * 2, itpm: itpm * 2, otpm: otpm * 2 }),
    limit(['*'], { rpm: rpm * 2, itpm: itpm * 2, otpm: otpm * 2 }),
  ];
}

/** Three of different size per vendor: small enough that balancing shows, wide enough that a dozen tasks flow. */
const sizes: Record<ProviderName, SimulatedLimit[][]> = {
  openai: [
    [limit(['*'], { rpm: 120, rpd: 10_000, tpm: 600_000 })],
    [limit(['*'], { rpm: 60, rpd: 5_000, tpm: 300_000 })],
    [limit(['*'], { rpm: 30, rpd: 1_500, tpm: 120_000 })],
  ],
  anthropic: [
    anthropicClasses(60, 400_000, 80_000),
    anthropicClasses(30, 200_000, 40_000),
    anthropicClasses(15, 100_000, 20_000),
  ],
  gemini: [
    [limit(['*'], { rpm: 150, rpd: 10_000, itpm: 1_000_000 })],
    [limit(['*'], { rpm: 60, rpd: 1_500, itpm: 500_000 })],
    [limit(['*'], { rpm: 20, rpd: 250, itpm: 250_000 })],
  ],
  deepseek: [
    [limit(['deepseek-flash'], { concurrency: 24 }), limit(['*'], { concurrency: 12 })],
    [limit(['deepseek-flash'], { concurrency: 12 }), limit(['*'], { concurrency: 6 })],
    [limit(['deepseek-flash'], { concurrency: 6 }), limit(['*'], { concurrency: 3 })],
  ],
  qwen: [
    [limit(['*'], { rpm: 600, tpm: 3_000_000 })],
    [limit(['*'], { rpm: 300, tpm: 1_500_000 })],
    [limit(['*'], { rpm: 120, tpm: 900_000 })],
  ],
};

/** The default accounts; the same seed gives the same secrets. */
export function createAccounts(url: string, seed: string): SimulatedAccount[] {
  return providerNames.flatMap((provider) =>
    sizes[provider].map((limits, index) => {
      const id = `${provider}-${'abc'[index]}`;
      return {
        id,
        provider,
        base_url: `${url}${basePaths[provider]}`,
        secret: `${keyPrefixes[provider]}-${id}-${digest(seed, id).slice(0, 16)}`,
        models: modelsOf(provider).map((model) => model.id),
        limits,
        ...administrationOf(provider, id, seed),
      };
    }),
  );
}

function administrationOf(
  provider: ProviderName,
  id: string,
  seed: string,
): Pick<SimulatedAccount, 'admin'> {
  const found = administrations[provider];
  if (!found) return {};
  const drawn = digest(seed, id, 'admin');
  return {
    admin: {
      secret: `${found.key}-${id}-${drawn.slice(0, 16)}`,
      project: `${found.project}${drawn.slice(16, 32)}`,
    },
  };
}
