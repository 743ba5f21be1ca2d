import { randomUUID } from 'node:crypto';
import { confirm } from './ask-person.ts';
import type { CliDeps } from './cli-deps.ts';
import { confirmRealRun, defaultBudgetUsd } from './confirm-real-run.ts';
import { type Connection, connect, nameNewKey } from './connect.ts';
import { simulatedNotice } from './draw-report.ts';
import { finishRun } from './finish-run.ts';
import { makeFolder } from './make-folder.ts';
import { type RunOptions, serverFlags } from './options.ts';
import { printable } from './printable.ts';
import { type Attachment, readAttachments } from './read-attachments.ts';
import { readBrief } from './read-brief.ts';
import { allSimulated, readModels } from './read-models.ts';
import { acceptedProject } from './run-document.ts';
import { createScreen, type Screen } from './screen.ts';

/** `headrace run BRIEF`: a whole project, from the brief to the judged result. Answers the exit code. */
export async function runBrief(
  deps: CliDeps,
  source: string,
  options: RunOptions,
): Promise<number> {
  const screen = createScreen(deps, { json: options.json === true });
  const brief = await readBrief(source, deps.stdin);
  const files = await readAttachments(options.attach ?? []);
  noteBinaries(files, screen);
  // Before anything is spent: a result that cannot be written helps nobody.
  if (options.out !== undefined) await makeFolder(options.out);
  const setup = await deps.readSetup(serverFlags(options));
  for (const warning of setup.warnings) screen.note(screen.colors.yellow(`warning: ${warning}`));
  const request = {
    flags: serverFlags(options),
    simulate: options.simulate ? ('always' as const) : ('auto' as const),
    behave: options.behave === true,
    faults: options.faults ?? '',
    offerOllama: (url: string) => offerOllama(deps, screen, url),
  };
  const connection = await connect(deps, request, setup);
  try {
    const models = await readModels(connection.client);
    const simulated = allSimulated(models);
    if (simulated) announceSimulation(connection, screen, request.behave);
    if (!connection.own) screen.note(`Using the gateway at ${connection.client.url}.`);
    nameNewKey(deps, connection);
    const budgetUsd = options.budgetUsd ?? (simulated ? null : defaultBudgetUsd);
    if (connection.own && !simulated && budgetUsd !== null) {
      const { accounts } = connection.own;
      const { dataDir } = setup;
      const briefBytes = Buffer.byteLength(brief);
      const yes = options.yes === true;
      const real = { models, accounts, dataDir, briefBytes, budgetUsd, screen, yes };
      await confirmRealRun(deps, real);
    }
    const accepted = await connection.client.request({
      method: 'POST',
      path: '/api/v1/projects',
      idempotencyKey: randomUUID(),
      schema: acceptedProject,
      body: {
        brief,
        ...(files.length > 0 ? { files } : {}),
        ...projectSettings(options, budgetUsd, screen),
      },
    });
    const where = connection.own ? ` in process ${connection.own.pid}` : '';
    screen.note(`run ${accepted.run_id}${where}`);
    return await finishRun(deps, {
      connection,
      reconnect: () => connect(deps, request),
      runId: accepted.run_id,
      screen,
      budgetUsd,
      json: options.json === true,
      out: options.out,
    });
  } finally {
    await connection.close();
  }
}

function projectSettings(options: RunOptions, budgetUsd: number | null, screen: Screen) {
  const budget = {
    ...(budgetUsd === null ? {} : { usd: budgetUsd }),
    ...(options.budgetTokens === undefined ? {} : { tokens: options.budgetTokens }),
  };
  return {
    clarify: options.clarify ?? (screen.interactive ? 'ask' : 'auto'),
    ...(options.approve ? { approve: options.approve } : {}),
    ...(options.models ? { models: options.models } : {}),
    ...(options.orchestrator ? { orchestrator: options.orchestrator } : {}),
    ...(options.panel === undefined ? {} : { panel: options.panel }),
    ...(options.rework === undefined ? {} : { rework: options.rework }),
    ...(Object.keys(budget).length > 0 ? { budget } : {}),
    ...(options.timeout === undefined ? {} : { timeout: `${Math.ceil(options.timeout / 1000)}s` }),
    ...(options.lane ? { lane: options.lane } : {}),
  };
}

/** The first line of a run says whether anything real is called. */
function announceSimulation(connection: Connection, screen: Screen, behave: boolean): void {
  const why = connection.own
    ? 'no provider account is used'
    : 'this gateway has only simulated accounts';
  screen.note(
    screen.colors.yellow(
      `SIMULATED: ${why}, so simulated providers answer (a local HTTP server; nothing leaves this machine).`,
    ),
  );
  if (connection.own && !behave) {
    const much = 'damaged plans, answers that fall short, nonsense from judges';
    screen.note(
      screen.colors.yellow(
        `SIMULATED: they misbehave on purpose (${much}); --behave makes them kind.`,
      ),
    );
  }
  screen.note(screen.colors.dim(simulatedNotice));
}

/** Without accounts a model on this machine is better than a simulated one, if the person wants it. */
async function offerOllama(deps: CliDeps, screen: Screen, url: string): Promise<boolean> {
  if (screen.interactive) {
    return confirm(deps, `An Ollama answers at ${url}. Use its models instead of simulated ones?`);
  }
  screen.note(
    `An Ollama answers at ${url}: add it as a provider to headrace.yaml to use its models (this run is simulated).`,
  );
  return false;
}

/** What becomes of a file that is no text is said before anything is spent on it. */
function noteBinaries(files: readonly Attachment[], screen: Screen): void {
  const names = files.filter((file) => file.media_type !== 'text/plain').map(({ name }) => name);
  if (names.length === 0) return;
  const [are, their] = names.length === 1 ? ['is no text', 'its'] : ['are no text', 'their'];
  screen.note(
    screen.colors.yellow(
      `warning: ${names.map(printable).join(', ')} ${are}: models learn ${their} name, type and size, not what is inside.`,
    ),
  );
}
