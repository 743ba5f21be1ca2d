import { z } from 'zod';
import { withClient } from '../administer.ts';
import type { CliDeps } from '../cli-deps.ts';
import { drawTable } from '../draw-table.ts';
import { exitCodes } from '../exit-codes.ts';
import type { GlobalOptions } from '../options.ts';
import { formatCount } from '../printable.ts';
import { createScreen } from '../screen.ts';
import { type AccountDocument, accountDocument, accountPath } from './account-document.ts';
import { describeTerm, type Term, terms } from './describe-terms.ts';
import { describeForeignUse, describeUntil } from './list-accounts.ts';

/** `accounts show`: what is known of one account but its secrets. */
export function showAccount(deps: CliDeps, id: string, options: GlobalOptions): Promise<number> {
  return withClient(deps, options, async (client) => {
    const screen = createScreen(deps, { json: options.json === true });
    const account = await client.request({
      method: 'GET',
      path: accountPath(id),
      schema: accountDocument,
    });
    screen.print(
      options.json ? JSON.stringify(account, null, 2) : describeAccount(account, deps.clock.now()),
    );
    return exitCodes.passed;
  });
}

function describeAccount(account: AccountDocument, now: number): string {
  const facts = [
    ['account', account.id],
    ['provider', account.provider],
    ['declared in', whereDeclared(account)],
    ['owner', account.owner_email ?? 'not stated'],
    ['entitlement', account.entitlement ?? 'not stated'],
    ['models', account.models.length === 0 ? 'all' : account.models.join(' ')],
    ['weight', `${account.weight} (load is shared by weight times limit)`],
    ['price', describePrice(account)],
    ['state', `${account.state}${account.state_reason ? `: ${account.state_reason.message}` : ''}`],
    ['calls', String(account.in_flight)],
    ['others use', describeForeignUse(account)],
  ];
  const parts = [facts.map(([name = '', value]) => `${name.padEnd(12)} ${value}`).join('\n')];
  if (account.pauses.length > 0) parts.push(`held back\n${drawPauses(account, now)}`);
  parts.push(`keys\n${drawKeys(account, now)}`);
  const limits = limitRows(account);
  if (limits.length > 0) parts.push(`limits\n${drawTable(limitHead, limits)}`);
  if (account.events?.length) parts.push(`of late\n${drawEvents(account)}`);
  return parts.join('\n\n');
}

function describePrice({ price_factor: factor }: AccountDocument): string {
  return factor === 1 ? 'as listed for the model' : `${factor} times what is listed for the model`;
}

function whereDeclared({ managed_by }: AccountDocument): string {
  switch (managed_by) {
    case 'file':
      return 'headrace.yaml: its limits and keys are changed there';
    case 'environment':
      return "the server's environment: its key is changed there";
    case 'simulation':
      return 'the simulator';
    default:
      return 'here (accounts add)';
  }
}

function drawPauses({ pauses }: AccountDocument, now: number): string {
  const head = ['  WHAT', 'WHICH', 'BY', 'UNTIL', 'WHY'];
  return drawTable(
    head,
    pauses.map((pause) => [
      `  ${pause.state} (${pause.kind})`,
      [pause.models?.join(' ') ?? 'whole account', pause.dimension].filter(Boolean).join(', '),
      pause.provenance,
      describeUntil(pause.until, now),
      pause.message,
    ]),
  );
}

function drawKeys({ credentials }: AccountDocument, now: number): string {
  return drawTable(
    ['  ID', 'FINGERPRINT', 'STATE'],
    credentials.map(({ id, kind, project, fingerprint, retires_at, refused_at, probe_at }) => [
      `  ${id}`,
      fingerprint,
      refused_at !== null
        ? `refused, asked again ${probe_at ? describeUntil(probe_at, now) : 'by hand'}`
        : retires_at === null
          ? describeRights(kind, project)
          : `rotated out, revoked ${describeUntil(retires_at, now)}`,
    ]),
  );
}

function describeRights(kind: string, project: string | null): string {
  if (kind !== 'admin') return 'in use';
  return `asks for the limits of ${project ?? 'the organisation'}`;
}

const limitHead = ['  MODELS', 'LIMIT', 'USED', 'OF'];

/** What counts against each limit; of classes that nobody called yet, the limits as they are written. */
function limitRows({ buckets = [], limits }: AccountDocument): string[][] {
  const called = buckets.map(({ models, dimension, used, limit, learning }) => [
    `  ${models.join(' ')}`,
    dimension,
    formatCount(Math.round(used)),
    limit === null ? (learning ? 'not known yet' : 'unlimited') : formatCount(limit),
  ]);
  const known = new Set(buckets.map(({ models }) => models.join(' ')));
  const uncalled = limits
    .filter(({ models }) => !known.has(models.join(' ')))
    .flatMap(({ models, ...dimensions }) =>
      Object.entries(dimensions).map(([dimension, limit]) => [
        `  ${models.join(' ')}`,
        dimension,
        '0',
        typeof limit === 'number' ? formatCount(limit) : 'unlimited',
      ]),
    );
  return [...called, ...uncalled];
}

function drawEvents({ events = [] }: AccountDocument): string {
  return events
    .slice(0, 8)
    .map(({ at, type, data }) => {
      const said = ['credential', 'state', 'kind', 'provenance', 'message'].flatMap((name) =>
        typeof data[name] === 'string' ? [String(data[name])] : [],
      );
      const told = [...said, ...describeChanges(data)].join(', ');
      return `  ${at.slice(0, 19).replace('T', ' ')}  ${type}${told ? `: ${told}` : ''}`;
    })
    .join('\n');
}

const changesSchema = z.partialRecord(
  z.enum(Object.keys(terms) as [Term, ...Term[]]),
  z.object({ from: z.unknown(), to: z.unknown() }),
);

/** `weight 1 → 2` */
function describeChanges({ changes }: Record<string, unknown>): string[] {
  return Object.entries(changesSchema.safeParse(changes).data ?? {}).map(([name, { from, to }]) => {
    const term = name as Term;
    return `${terms[term]} ${describeTerm(term, from)} → ${describeTerm(term, to)}`;
  });
}
