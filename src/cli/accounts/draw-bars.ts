import type { createColors } from 'picocolors';
import stringWidth from 'string-width';
import { countThings, fitLine, formatCount } from '../printable.ts';
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
  const shown = frame.accounts.map((account) => ({ account, buckets: worthDrawing(account) }));
  const numbers = shown.flatMap(({ buckets }) => buckets.map((bucket) => numbersOf(bucket).length));
  const numbersWidth = Math.max(0, ...numbers);
  const lines = shown.flatMap(({ account, buckets }) => [
    drawHead(account, frame),
    ...buckets.map((bucket) => drawBucket(bucket, frame, numbersWidth)),
  ]);
  const room = Math.max(3, frame.rows - 2);
  if (lines.length <= room) return lines.join('\n');
  const left = lines.length - room + 1;
  return [...lines.slice(0, room - 1), frame.colors.dim(`… and ${left} more lines`)].join('\n');
}

type Bucket = NonNullable<AccountDocument['buckets']>[number];

function worthDrawing({ buckets = [] }: AccountDocument): Bucket[] {
  return buckets.filter(({ limit, used }) => limit !== null || used > 0);
}

function drawHead(account: AccountDocument, { colors, columns, now }: BarFrame): string {
  const until = account.state_until ? ` ${describeUntil(account.state_until, now)}` : '';
  const calm = account.state === 'active';
  const state = calm ? colors.green(account.state) : colors.yellow(`${account.state}${until}`);
  const id = fitLine(account.id, Math.min(28, columns)).trimEnd();
  return `${colors.bold(id)} ${state} · ${countThings(account.in_flight, 'call')}`;
}

/** All numbers have the width of the longest, so that all bars are of one length and no line wraps. */
function drawBucket(bucket: Bucket, { colors, columns }: BarFrame, numbersWidth: number): string {
  const { models, dimension, used, limit } = bucket;
  const wide = columns >= 70;
  const name = `  ${fitLine(dimension, 11)} ${wide ? `${fitLine(models.join(' '), 18)} ` : ''}`;
  const share = limit === null ? 0 : Math.min(1, used / limit);
  const width = Math.max(0, columns - stringWidth(name) - numbersWidth - 2);
  // Only what is full looks full, and what is used looks used.
  const most = share >= 1 ? width : Math.max(0, width - 1);
  const filled = Math.min(most, Math.ceil(share * width));
  const paint = share > 0.9 ? colors.red : share > 0.6 ? colors.yellow : colors.green;
  const bar = paint('█'.repeat(filled)) + colors.dim('░'.repeat(width - filled));
  return `${name}${bar} ${numbersOf(bucket)}`;
}

function numbersOf({ used, limit, learning }: Bucket): string {
  const most = limit === null ? '?' : formatCount(Math.round(limit));
  return `${formatCount(Math.round(used))} of ${most}${learning ? ' learnt' : ''}`;
}
