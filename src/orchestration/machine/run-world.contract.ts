import assert from 'node:assert/strict';
import type { Action, GivenSettings } from '../../../test/run-actions.ts';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import type { TaskStatus } from '../../queue/index.ts';
import { type Command, obey } from './commands.ts';
import { isPlainMerge } from './control-task.ts';
import { decide } from './decide.ts';
import { hasEnded } from './draft.ts';
import { nextLimit } from './next-limit.ts';
import type { Context, Decision, Finding, RunState, Snapshot, TaskState } from './state.ts';

const start = Date.UTC(2026, 0, 1);

const ended: readonly TaskStatus[] = ['succeeded', 'failed', 'superseded', 'cancelled'];

/** The store as the machine sees it, with the workers' and the person's moves, and what must always hold, whatever they do. */
export function createWorld(given: GivenSettings) {
  const run: RunState = {
    id: 'run',
    kind: 'brief',
    status: 'queued',
    pausedFrom: null,
    settings: {
      models: [],
      orchestrator: null,
      panel: 0,
      budget: { usd: null, tokens: null },
      lane: 'standard',
      temperature: null,
      ...given,
    },
    clarifications: [],
    answersDueAt: null,
    planComplete: false,
    rounds: 0,
    verdict: null,
    failure: null,
    startedAt: null,
    deadlineAt: start + given.timeout_ms,
  };
  const world = {
    run,
    tasks: [] as TaskState[],
    now: start,
    ids: 0,
    terminals: 0,
    pausedAt: start,
    /** How long the plan waited for approval before it was paused last, and since when it does again. */
    waitedMs: 0,
    plannedAt: start,
    everEnded: new Map<string, TaskStatus>(),
    speculation: null as number | null,

    context(): Context {
      return {
        now: world.now,
        newTaskId: () => {
          world.ids += 1;
          return `n${world.ids}`;
        },
      };
    },

    snapshot(): Snapshot {
      return structuredClone({
        run: world.run,
        tasks: world.tasks,
        speculation: world.speculation,
      });
    },

    advance(): void {
      const decision = decide(world.snapshot(), world.context());
      world.apply(decision);
      const again = decide(world.snapshot(), world.context());
      assert.deepEqual(again.events, [], 'deciding again decides something');
    },

    command(command: Command): void {
      const before = world.run.status;
      try {
        world.apply(obey(world.snapshot(), command, world.context()));
      } catch (error) {
        assert.ok(isHeadraceError(error) && error.code === 'conflict', String(error));
        assert.equal(world.run.status, before);
      }
      if (world.run.status === 'paused') {
        for (const task of world.tasks) if (task.status === 'assigned') task.status = 'ready';
      }
    },

    noteStanding(status: RunState['status']): void {
      if (status === 'paused') world.pausedAt = world.now;
      if (status === 'awaiting_approval') world.plannedAt = world.now;
      else if (world.run.status === 'awaiting_approval') {
        world.waitedMs += world.now - world.plannedAt;
      }
    },

    apply(decision: Decision): void {
      const { finishedAt, ...patch } = decision.patch;
      if (finishedAt !== undefined) {
        assert.ok(!hasEnded(world.run.status), 'a run ended twice');
        world.terminals += 1;
      }
      if (patch.status) world.noteStanding(patch.status);
      Object.assign(world.run, patch);
      for (const { taskId, status } of decision.settle) world.settle(taskId, status);
      for (const change of decision.supersede) {
        const old = world.find(change.supersedes);
        world.tasks.push({
          ...old,
          ...{ id: change.id, kind: change.kind, status: change.status },
          dependsOn: change.dependsOn,
          supersedes: old.id,
          rework: change.rework,
          memberOf: null,
          failure: null,
          finding: null,
        });
      }
      for (const task of decision.store) {
        const { id, key, kind, title, status, required, dependsOn } = task;
        const { memberOf, supersedes, maxTokens, criticalPath } = task;
        world.tasks.push({
          ...{ id, key, kind, title, status, required, dependsOn, memberOf, supersedes },
          ...{ maxTokens, criticalPath, artifact: false, rework: task.rework },
          ...{ failure: null, finding: null },
        });
      }
      const terminal = decision.events.findIndex((event) =>
        ['run.succeeded', 'run.failed', 'run.cancelled'].includes(event.type),
      );
      if (terminal >= 0) assert.equal(terminal, decision.events.length - 1);
      world.check();
    },

    settle(taskId: string, status: 'ready' | 'cancelled' | 'superseded'): void {
      const task = world.find(taskId);
      const allowed: Record<typeof status, readonly TaskStatus[]> = {
        ready: ['pending'],
        superseded: ['pending', 'ready', 'assigned', 'succeeded', 'failed'],
        cancelled: ['pending', 'ready', 'assigned', 'running'],
      };
      if (allowed[status].includes(task.status)) task.status = status;
      else if (status !== 'superseded') assert.fail(`${task.status} became ${status}`);
    },

    find(id: string): TaskState {
      const task = world.tasks.find((each) => each.id === id);
      assert.ok(task, `no task ${id}`);
      return task;
    },

    check(): void {
      for (const task of world.tasks) {
        const before = world.everEnded.get(task.id);
        if (before)
          assert.ok(ended.includes(task.status), `${before} was reopened as ${task.status}`);
        if (ended.includes(task.status)) world.everEnded.set(task.id, task.status);
        if (task.status !== 'pending' && task.status !== 'cancelled') world.checkInputs(task);
      }
      assert.ok(world.run.rounds <= world.run.settings.rework + 1);
      assert.ok(world.terminals <= 1);
      if (hasEnded(world.run.status)) {
        assert.ok(
          world.tasks.every((task) => ended.includes(task.status)),
          'a task outlived its run',
        );
      }
    },

    /** What has begun has all its inputs, or lacks only what it can do without. */
    checkInputs(task: TaskState): void {
      if (task.kind === 'merge' || task.kind === 'judge') return;
      for (const { id } of task.dependsOn) {
        const input = world.find(id);
        assert.ok(ended.includes(input.status), `${task.id} began before ${id} ended`);
      }
    },

    pick(statuses: readonly TaskStatus[], index: number): TaskState | undefined {
      const able = world.tasks.filter((task) => statuses.includes(task.status));
      return able[index % Math.max(1, able.length)];
    },

    take(act: Action): void {
      switch (act.type) {
        case 'wait':
          world.wait(act.ms);
          break;
        case 'claim':
          world.claim(act.pick);
          break;
        case 'succeed':
          world.succeed(world.pick(['running'], act.pick), act);
          break;
        case 'fail':
          world.fail(world.pick(['running'], act.pick), act.budget);
          break;
        case 'plan':
          world.plan(act);
          break;
        case 'planned':
          world.endPlan();
          break;
        case 'command':
          world.command(
            commandOf(act.command, {
              pausedMs: world.now - world.pausedAt,
              waitedMs: world.waitedMs + world.now - world.plannedAt,
            }),
          );
      }
    },

    wait(ms: number): void {
      world.now += ms;
    },

    /** As the orchestrator does it: a run is looked at whenever its time has something to say. */
    waitAwake(ms: number): void {
      const until = world.now + ms;
      for (;;) {
        const { waitMs } = nextLimit(world.run, world.now);
        if (world.now + waitMs > until) break;
        world.now += waitMs;
        world.advance();
        world.mergePlainly();
      }
      world.now = until;
    },

    /** A merge that calls nobody takes no time. */
    mergePlainly(): void {
      const merge = world.tasks.find((task) => task.status === 'ready' && isPlainMerge(task));
      if (!merge) return;
      world.finish(merge);
      world.advance();
    },

    endPlan(): void {
      const plan = world.tasks.find((task) => task.kind === 'plan' && task.status === 'running');
      if (plan) plan.status = 'succeeded';
    },

    fail(task: TaskState | undefined, budget: boolean): void {
      if (!task) return;
      task.status = 'failed';
      const code = budget ? 'budget_exhausted' : 'upstream_failed';
      task.failure = { code, message: 'It failed.' };
    },

    claim(index: number): void {
      if (world.run.status === 'paused' || hasEnded(world.run.status)) return;
      const task = world.pick(['ready'], index);
      if (task) task.status = 'running';
    },

    succeed(task: TaskState | undefined, act: { good: boolean; defects: number }): void {
      if (!task || task.kind === 'plan') return;
      task.status = 'succeeded';
      task.finding = world.findingOf(task, act);
    },

    findingOf(task: TaskState, act: { good: boolean; defects: number }): Finding | null {
      if (task.kind === 'clarify') {
        const question = { question: 'Which?', default: 'This', why: '' };
        return { kind: 'clarify', questions: Array.from({ length: act.defects }, () => question) };
      }
      if (task.kind === 'merge') {
        return { kind: 'merge', route: 'assembly', used: 1, rejected: 0, bytes: 1 };
      }
      if (task.kind !== 'judge') return null;
      const work = world.tasks.filter((each) => each.kind === 'section' || each.kind === 'panel');
      return {
        kind: 'judge',
        verdict: {
          decision: act.good ? 'pass' : 'partial',
          criteria: [{ text: 'good', met: act.good, evidence: '' }],
        },
        defects: work
          .slice(0, act.defects)
          .map((each) => ({ task_id: each.id, criterion: 'c', fix: 'f' })),
      };
    },

    /** A line of the plan is accepted while the plan streams. */
    plan(line: { deps: number[]; required: boolean; panel: boolean }): void {
      const plan = world.tasks.find((task) => task.kind === 'plan' && task.status === 'running');
      if (!plan || hasEnded(world.run.status)) return;
      const known = world.tasks.filter((task) => ['section', 'panel'].includes(task.kind));
      const dependsOn = [...new Set(line.deps)].flatMap((index) => {
        const task = known[index];
        return task ? [{ id: task.id, uses: '' }] : [];
      });
      const base = {
        title: 'A task',
        status: 'pending' as const,
        artifact: false,
        maxTokens: 100,
        criticalPath: 100,
        supersedes: null,
        rework: [],
        failure: null,
        finding: null,
      };
      world.ids += 1;
      const id = `t${world.ids}`;
      const members = line.panel ? [`${id}.1`, `${id}.2`] : [];
      for (const member of members) {
        world.tasks.push({
          ...{ ...base, id: member, key: member, kind: 'member', required: false },
          ...{ dependsOn, memberOf: id },
        });
      }
      world.tasks.push({
        ...{ ...base, id, key: id, required: line.required, memberOf: null },
        kind: line.panel ? 'panel' : 'section',
        dependsOn: line.panel ? members.map((member) => ({ id: member, uses: '' })) : dependsOn,
      });
    },

    /** From here on everything behaves, so the run must end. */
    settleDown(): void {
      for (let step = 0; step < 400 && !hasEnded(world.run.status); step += 1) {
        world.unblock();
        for (const task of world.tasks) world.finish(task);
        world.advance();
      }
      assert.ok(hasEnded(world.run.status), `the run hangs in ${world.run.status}`);
      assert.equal(world.terminals, 1);
    },

    /** Whatever waits for a person gets its word. */
    unblock(): void {
      const { status } = world.run;
      if (status === 'paused') world.command({ type: 'resume', pausedMs: 0 });
      if (status === 'awaiting_approval') world.command({ type: 'approve', waitedMs: 0 });
      if (status === 'awaiting_input') world.command({ type: 'answer', answers: [] });
    },

    finish(task: TaskState): void {
      if (task.status !== 'ready' && task.status !== 'running') return;
      task.status = 'succeeded';
      task.finding = world.findingOf(task, { good: false, defects: 1 });
    },
  };
  return world;
}

function commandOf(
  type: 'answer' | 'approve' | 'pause' | 'resume' | 'cancel',
  { pausedMs, waitedMs }: { pausedMs: number; waitedMs: number },
): Command {
  if (type === 'answer') return { type, answers: [] };
  if (type === 'resume') return { type, pausedMs };
  if (type === 'approve') return { type, waitedMs };
  return { type };
}
