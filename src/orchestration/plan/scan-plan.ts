import { createLineReader, type JsonRepair, type LineReading } from '../../protocol/index.ts';
import { cutText } from '../storable.ts';
import { classifyObject } from './classify-object.ts';
import type { PlanItem, Repair } from './planned-task.ts';

/** What a piece of the stream turned out to hold. */
export interface Scanned {
  items: PlanItem[];
  repairs: Repair[];
  /** Text that should have been part of the plan and could not be read. */
  broken: BrokenText[];
}

export interface BrokenText {
  where: string;
  text: string;
  /** The best that could be made of it; used only where asking again did not help. */
  salvage: PlanItem[];
}

export interface PlanScanner {
  /** Text as it streams in, cut anywhere. */
  push(text: string): Scanned;
  /** The stream is over. */
  end(): Scanned;
}

/**
 * Finds the plan's objects in what should be NDJSON and often is not quite, and says what was odd
 * about it. An object that the end of the stream cut off is broken, however well it can be closed:
 * half an instruction would be carried out as if it were whole.
 */
export function createPlanScanner(): PlanScanner {
  const reader = createLineReader();
  let heard = '';
  let objects = 0;
  const scan = (readings: readonly LineReading[], last: boolean): Scanned => {
    const out: Scanned = { items: [], repairs: [], broken: [] };
    for (const reading of readings) {
      objects += 1;
      takeReading(out, reading, { where: `object ${objects}`, last });
    }
    return out;
  };
  return {
    push(text) {
      heard += text;
      return scan(reader.push(text), false);
    },
    end() {
      const out = scan(reader.end(), true);
      return { ...out, repairs: [...describeSurroundings(heard), ...out.repairs] };
    },
  };
}

function takeReading(
  out: Scanned,
  reading: LineReading,
  place: { where: string; last: boolean },
): void {
  const { where } = place;
  if (!reading.ok) {
    out.broken.push({ where, text: reading.text, salvage: [] });
    return;
  }
  const classified = classifyObject(reading.value);
  const cut = place.last && reading.repairs.includes('syntax_repaired');
  if (!classified || (cut && !/[}\]]\s*$/.test(reading.text))) {
    out.broken.push({ where, text: reading.text, salvage: classified?.items ?? [] });
    return;
  }
  if (classified.wrapped) {
    const message = 'The plan came as one document; its tasks were taken out.';
    out.repairs.push({ what: 'wrapped', where, message });
  }
  out.repairs.push(...reading.repairs.flatMap((repair) => describeRepair(repair, reading, where)));
  out.items.push(...classified.items);
}

function describeRepair(repair: JsonRepair, reading: LineReading, where: string): Repair[] {
  if (repair !== 'escapes_fixed' && repair !== 'syntax_repaired') return [];
  const what = repair === 'escapes_fixed' ? 'bad_escape' : 'bad_json';
  return [{ what, where, message: `It was no valid JSON: ${cutText(reading.text, 120)}` }];
}

/** What stood around the plan and was left out. */
function describeSurroundings(text: string): Repair[] {
  const where = 'plan';
  const repairs: Repair[] = [];
  if (/<\/?think>/i.test(text)) {
    const message = 'Thoughts of the model stood in the plan.';
    repairs.push({ what: 'thinking', where, message });
  }
  if (/^\s*```/m.test(text)) {
    repairs.push({ what: 'fenced', where, message: 'The plan stood in a code fence.' });
  }
  if (/^\s*\[\s*\{/.test(text.replace(/^\s*```[\w-]*/, ''))) {
    repairs.push({ what: 'wrapped', where, message: 'The plan came as one array.' });
  }
  return repairs;
}
