import type { createColors } from 'picocolors';
import { fitLine, formatCount } from '../printable.ts';
import type { AccountDocument } from './account-document.ts';
import { describeUntil } from './list-accounts.ts';

export interface BarFrame {
  accounts: readonly AccountDocument[];
  /** Epoch ms. */
  now: number;
  columns: number;
  /** Rows of the terminal; what does not fit is counted. */
  rows: number;
  colors: ReturnType<typeof createColors>;
}

/** A bar per limit that was used or is set: what counts against it now, reservations included. */
export function drawBars(frame: BarFrame): string {
  const lines = frame.accounts.flatMap((account) => drawAccount(account, frame));
  const room = Math.max(3, frame.rows - 2);
  if (lines.length <= room) return lines.join('\n');
  const left = lines.length - room + 1;
  return [...lines.slice(0, room - 1), frame.colors.dim(`… and ${left} more lines`)].join('\n');
}

function drawAccount(account: AccountDocument, frame: BarFrame): string[] {
  const { colors, columns, now } = frame;
  const until = account.state_until ? ` ${describeUntil(account.state_until, now)}` : '';
  const calm = account.state === 'active';
  const state = calm ? colors.green(account.state) : colors.yellow(`${account.state}${until}`);
  const head = `${colors.bold(fitLine(account.id, Math.min(28, columns)).trimEnd())} ${state} · ${account.in_flight} calls`;
  const buckets = (account.buckets ?? []).filter(({ limit, used }) => limit !== null || used > 0);
  return [head, ...buckets.map((bucket) => drawBucket(bucket, frame))];
}

type Bucket = NonNullable<AccountDocument['buckets']>[number];

function drawBucket({ models, dimension, used, limit, learning }: Bucket, frame: BarFrame): string {
  const { colors, columns } = frame;
  const wide = columns >= 70;
  const name = `  ${fitLine(dimension, 11)} ${wide ? `${fitLine(models.join(' '), 18)} ` : ''}`;
  const numbers = limit === null ? `${amount(used)} of ?` : `${amount(used)} of ${amount(limit)}`;
  const share = limit === null ? 0 : Math.min(1, used / limit);
  const width = Math.max(8, columns - name.length - 28);
  const filled = Math.round(share * width);
  const paint = share > 0.9 ? colors.red : share > 0.6 ? colors.yellow : colors.green;
  const bar = paint('█'.repeat(filled)) + colors.dim('░'.repeat(width - filled));
  return `${name}${bar} ${numbers}${learning ? colors.dim(' learnt') : ''}`;
}

function amount(value: number): string {
  return formatCount(Math.round(value));
}
