import type { Command } from 'commander';
import type { CliDeps } from './cli-deps.ts';
import { behave, faults, type Wrap, withCommon } from './common-options.ts';
import { compareRuns } from './compare-runs.ts';
import { type LabelOptions, labelAnswer } from './label-answer.ts';
import { approveRun, managePlan, type PlanOptions } from './manage-plan.ts';
import { commandRun, drawRun, listRuns, resumeRun, saveArtifacts, showRun } from './manage-runs.ts';
import type { GlobalOptions, RunOptions } from './options.ts';
import { readDuration } from './read-duration.ts';
import { readAmount, readCount } from './read-number.ts';
import { type RerunOptions, rerun } from './rerun.ts';

const commands = {
  pause: 'start nothing more; what is under way finishes (runs resume goes on)',
  cancel: 'end the run at once; calls under way are broken off',
  redrive: 'give the dead tasks another life, in a new run where the run has ended',
} as const;

/** `headrace runs …`: everything about runs that are already there. */
export function addRuns(program: Command, deps: CliDeps, act: Wrap): void {
  const runs = program.command('runs').description('list, follow and command runs');
  addViews(runs, deps, act);
  addPlan(runs, deps, act);
  withCommon(runs.command('label <id> <task>'))
    .description("say whether a task's answer was right; 300 labels calibrate confidence")
    .option('--right', 'it was')
    .option('--wrong', 'it was not')
    .action(
      act((id: string, task: string, options: LabelOptions) =>
        labelAnswer(deps, [id, task], options),
      ),
    );
  withCommon(runs.command('resume <id>'))
    .description('go on with an interrupted or paused run')
    .option('--out <dir>', 'write the result and its files there')
    .option('--simulate', 'use the simulated providers even with accounts')
    .option('--behave', behave)
    .option('--faults <list>', faults)
    .action(act((id: string, options: RunOptions) => resumeRun(deps, id, options)));
  for (const verb of ['pause', 'cancel', 'redrive'] as const) {
    withCommon(runs.command(`${verb} <id>`))
      .description(commands[verb])
      .action(
        act((id: string, options: GlobalOptions) => commandRun(deps, { runId: id, verb }, options)),
      );
  }
  withCommon(runs.command('rerun <id>'))
    .description('run the project again, wholly or from one task on')
    .option('--from <task>', 'this task (t3) and what depends on it; the rest keeps its answers')
    .option(
      '--set <change>',
      't3.model=provider/model, t3.instruction=… or t3.max_tokens=…; may be repeated, runs t3 again',
      (change: string, before: string[] = []) => [...before, change],
    )
    .option('--budget-usd <usd>', 'most that may be spent (as before)', readAmount)
    .option('--budget-tokens <n>', 'most tokens, input and output (as before)', readCount)
    .option('--timeout <duration>', 'such as 30m (as before)', readDuration)
    .option('--out <dir>', 'write the result and its files there')
    .option('--simulate', 'use the simulated providers even with accounts')
    .option('--behave', behave)
    .option('--faults <list>', faults)
    .action(act((id: string, options: RerunOptions) => rerun(deps, id, options)));
}

function addViews(runs: Command, deps: CliDeps, act: Wrap): void {
  withCommon(runs.command('list'))
    .description('the latest runs with their verdicts and costs')
    .action(act((options: GlobalOptions) => listRuns(deps, options)));
  withCommon(runs.command('show <id>'))
    .description('verdict, confidence and usage of a run, and its result')
    .action(act((id: string, options: GlobalOptions) => showRun(deps, id, options)));
  withCommon(runs.command('compare <a> <b>'))
    .description('two runs side by side: tasks, verdicts, usage, and the difference of the results')
    .action(
      act((a: string, b: string, options: GlobalOptions) => compareRuns(deps, [a, b], options)),
    );
  withCommon(runs.command('diagram <id>'))
    .description('a Mermaid sequence diagram of what the run did')
    .action(act((id: string, options: GlobalOptions) => drawRun(deps, id, options)));
  withCommon(runs.command('artifacts <id>'))
    .description('write the result and its files')
    .option('--out <dir>', 'where to')
    .action(act((id: string, options: RunOptions) => saveArtifacts(deps, id, options)));
}

function addPlan(runs: Command, deps: CliDeps, act: Wrap): void {
  withCommon(runs.command('plan <id>'))
    .description('the plan as YAML')
    .option('--edit', 'change it in your editor (VISUAL, EDITOR)')
    .option('--from <file>', 'change it to what this file says; - for standard input')
    .action(act((id: string, options: PlanOptions) => managePlan(deps, id, options)));
  withCommon(runs.command('approve <id>'))
    .description('carry out the plan that a run waits with (--approve ask)')
    .option('--out <dir>', 'write the result and its files there, where no server runs')
    .option('--simulate', 'use the simulated providers even with accounts')
    .option('--behave', behave)
    .option('--faults <list>', faults)
    .action(act((id: string, options: RunOptions) => approveRun(deps, id, options)));
}
