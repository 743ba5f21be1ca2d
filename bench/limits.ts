import { drawTable } from './draw-table.ts';
import { figuresOf, percent } from './limits/figures.ts';
import { compareOverHttp } from './limits/http/compare-over-http.ts';
import { measureAdmission } from './limits/measure-admission.ts';
import { playParts } from './limits/play-parts.ts';
import { compared, scenarios } from './limits/scenarios.ts';
import { baselines, ours } from './limits/strategies.ts';
import type { Played } from './limits/summarise.ts';
import { report } from './report.ts';

// `npm run bench:limits`: how much of what the accounts could serve is served, in simulated time.
// `-- NAME` plays only the scenarios whose names contain NAME, and keeps nothing.

const notes = [
  'Simulated time. The window algorithm (fixed, sliding or bucket), the clock’s offset, latency with jitter, whether refused requests count and whether output counts while it is produced or at the end are drawn by seed per account and hidden from every strategy. The vendors’ meters are the simulator’s, which imports nothing of the gateway. Limits are spread 1–50× on a logarithmic scale; token costs are Pareto (1.5) from 1,460 to 30,000, mean 3,455. A call waits 30 s at most. A minute passes before 180 s are measured (100 accounts: 60 s): in the first one every window is empty, and more than the bound goes out. “From the first second” measures that minute, too.',
  'Goodput: tokens of calls that vendors accepted, as a share of the linear-programme bound, or of the demand where that is less. For one class of calls the optimum is closed: the sum over the accounts of min(tpm, rpm × mean cost). No initial burst is credited, for the warm-up has spent it. A fixed window that opens four times in three minutes can show more than 100 %, and so can outputs that a vendor counts after it let them in. Halved: for half a minute nothing fits, for a full window is twice the new limit; the bound leaves that time out where the vendor’s window slides. Where it does not, more would be accepted, but nobody is told which it is; urgent calls wait for it as well. Foreign use: the other one yields when the account is full; what it took is known from the next answer on, and calls that go before are refused. 529 storm: seven of ten calls fail for twenty seconds; what that left unused is made up for in the minute after it.',
  'Overshoot: what was asked for in any 60 s, refused calls included, over the limit, at the worst account. Seconds enforced: a call larger than a second’s share goes alone; two that go a second apart arrive closer by as much as their latencies differ (up to 250 ms, drawn per call), so a pause lies between one second’s calls and the next one’s. No pause serves everything: 40 ms serve 93 % with 4.8 % 429s, 100 ms 89 % with 0.3 %, 175 ms 84 % with 0.02 %, 250 ms 79 % with none. 100 ms were chosen; it is the only row with known cost that is not among the goals.',
  'Output predicted: input is estimated with an error of ±50 % per call, output is learnt from answers, nobody is told either. Priority p99: of the tenants whose urgent demand is within 6/10 of their own share. A replica of two killed: both share one limiter, one dies with its calls under way and settles nothing. Several processes over Redis, round trips and LiteLLM itself are measured in real time by `npm run bench:limits -- --http`.',
];

function describe(strategy: string, played: Played): Record<string, string | number> {
  const { all, priority } = played.waits;
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  return {
    strategy,
    scenario: played.scenario.name,
    goodput: percent(played.goodput),
    '429s': percent(played.refused, 2),
    'overshoot 60 s': played.overshoot.toFixed(2),
    'wait p50 / p99, s': `${seconds(all.p50)} / ${seconds(all.p99)}`,
    'priority p50 / p99, s': `${seconds(priority.p50)} / ${seconds(priority.p99)}`,
    'batch share': percent(played.lanes.batch),
    Jain: played.jain.toFixed(3),
  };
}

async function measure(only: string | undefined): Promise<void> {
  const chosen = scenarios.filter(({ name }) => only === undefined || name.includes(only));
  const own = chosen.map((scenario) => ({ strategy: ours, scenario }));
  const others = baselines.flatMap((strategy) =>
    compared.map((scenario) => ({ strategy, scenario })),
  );
  const parts = only === undefined ? [...own, ...others] : own;
  // Alone, before the cores are busy: it is the one figure that is taken in real time.
  const admissionUs = await measureAdmission(100);
  const played = await playParts(parts, ({ strategy }, one) => {
    if (only !== undefined) console.error(JSON.stringify(describe(strategy, one)));
  });
  if (only !== undefined) return;
  const rows = played.map((one, index) => describe(parts[index]?.strategy ?? ours, one));
  const figures = figuresOf(played.slice(0, own.length), admissionUs);
  report('limits', figures, [...notes, '', ...drawTable(rows)]);
}

if (process.argv.includes('--http')) await compareOverHttp();
else await measure(process.argv[2]);
