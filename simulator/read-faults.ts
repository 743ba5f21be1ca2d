import { type FaultSettings, faultSettings, wireFaults } from './faults.ts';
import { type DamageSettings, damageNames, damageSettings } from './hostility/damage-settings.ts';

/** Troubles as `startSimulator` takes them; of `damage` only what was named. */
export interface NamedTroubles {
  faults: FaultSettings;
  damage: DamageSettings;
}

const groups = ['plans', 'answers', 'judges', 'clarifiers'];

/**
 * Troubles as somebody types them: `rate_limited=0.2,hang=0.05` are shares of all calls, `plans=1` the
 * share of a kind of answers that is damaged, `damage=plan.fenced` the only damage there is, and
 * `revoked=openai-a` an account whose key is refused. The last two may be repeated.
 */
export function readFaults(text: string): NamedTroubles | { problem: string } {
  const rates: Record<string, number> = {};
  const shares: Record<string, number> = {};
  const named: Record<'damage' | 'revoked', string[]> = { damage: [], revoked: [] };
  for (const part of text.split(',').map((each) => each.trim())) {
    const [name = '', value = ''] = part.split('=').map((each) => each.trim());
    if (name === 'damage' || name === 'revoked') named[name].push(value);
    else if (value === '') return { problem: `"${part}" names no share, such as ${name}=0.2.` };
    else (groups.includes(name) ? shares : rates)[name] = Number(value);
  }
  const { damage: only, revoked } = named;
  const faults = faultSettings.safeParse({ rates, ...(revoked.length > 0 ? { revoked } : {}) });
  const damage = damageSettings.safeParse({ ...shares, ...(only.length > 0 ? { only } : {}) });
  if (faults.success && damage.success) return { faults: faults.data, damage: damage.data };
  return { problem: `"${text}" is not understood. ${known}` };
}

const known = `Shares from 0 to 1 of ${wireFaults.join(', ')}, ${groups.join(', ')}; revoked=ACCOUNT; damage=NAME of ${damageNames.join(', ')}.`;
