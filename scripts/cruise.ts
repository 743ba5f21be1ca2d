import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const report = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(
      z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) }),
    ),
  }),
});

const ours = /^(src|simulator|test|bench|scripts)\//;

export interface Cruise {
  /** Modules of ours that were read; packages do not count. */
  modules: string[];
  violations: { rule: string; from: string; to: string }[];
}

const program = fileURLToPath(
  new URL('../node_modules/dependency-cruiser/bin/dependency-cruise.mjs', import.meta.url),
);
const rules = fileURLToPath(new URL('../.dependency-cruiser.cjs', import.meta.url));

/** Reads the imports of the folders of `root` and holds them against the rules of the checkout. */
export async function cruise(root: string, folders: string[]): Promise<Cruise> {
  const args = [program, '--config', rules, '--output-type', 'json', ...folders];
  const options = { cwd: root, maxBuffer: 256 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, args, options).catch(
    // It exits with the number of violations, which is no failure of the reading.
    (error: { stdout?: string; stderr?: string }) => {
      if (error.stdout?.startsWith('{')) return { stdout: error.stdout };
      throw new Error(`dependency-cruiser gave no report: ${error.stderr ?? ''}`, { cause: error });
    },
  );
  const { modules, summary } = report.parse(JSON.parse(stdout));
  return {
    modules: modules.map(({ source }) => source).filter((source) => ours.test(source)),
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}
