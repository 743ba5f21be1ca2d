import type { CliDeps } from './cli-deps.ts';
import { drawReport, simulatedNotice } from './draw-report.ts';
import { exitCodeOfRun, exitCodes } from './exit-codes.ts';
import { type Following, followRun } from './follow-run.ts';
import { countThings, printable } from './printable.ts';
import type { RunDocument } from './run-document.ts';
import { saveOutput } from './save-output.ts';

export interface Finishing extends Omit<Following, 'signal'> {
  json: boolean;
  out: string | undefined;
}

/** Follows a run to its end, prints the judged result and answers the exit code. */
export async function finishRun(deps: CliDeps, finishing: Finishing): Promise<number> {
  const interrupt = new AbortController();
  const stopListening = deps.onInterrupt((signal) => interrupt.abort(signal));
  const following = { ...finishing, signal: interrupt.signal };
  try {
    const run = await followRun(deps, following);
    await printRun(following.connection, finishing, run);
    return exitCodeOfRun(run);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    finishing.screen.note(
      `Interrupted. Nothing is lost; go on with ./headrace runs resume ${finishing.runId}`,
    );
    return exitCodes.interrupted;
  } finally {
    stopListening();
    if (following.connection !== finishing.connection) await following.connection.close();
  }
}

async function printRun(
  connection: Following['connection'],
  { screen, json, out }: Finishing,
  run: RunDocument,
): Promise<void> {
  if (json) {
    screen.print(JSON.stringify(run, null, 2));
  } else if (run.status === 'awaiting_approval') {
    // What is to be done has been said, and there is nothing to report yet.
    return;
  } else {
    screen.note(`\n${drawReport(run, screen.colors)}\n`);
    if (run.result !== null) {
      screen.note(screen.colors.bold(run.simulated ? 'Result (simulated)' : 'Result'));
      screen.print(`\n${printable(run.result)}\n`);
    }
  }
  const saved = out === undefined ? [] : await saveOutput(connection.client, run, out);
  for (const path of saved) screen.note(`wrote ${path}`);
  if (run.artifacts.length > 0 && saved.length === 0 && !json) {
    screen.note(
      `${countThings(run.artifacts.length, 'file')}: ./headrace runs artifacts ${run.id} --out DIR`,
    );
  }
  if (run.simulated) screen.note(screen.colors.yellow(simulatedNotice));
}
