import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { DispatchDeps } from '../dispatch-deps.ts';
import type { DispatchParts } from '../dispatch-parts.ts';
import type { GateView } from '../gates/create-gates.ts';
import { type Drained, writeDrain } from './provider-drains.ts';

/** What a person does with providers. */
export interface ProviderDesk {
  /** The gate of every pool, by its name. */
  list(): GateView[];
  /**
   * Lets the calls under way end and begins none, until `resume`; over restarts and in every process.
   * @throws HeadraceError `not_found` for a provider or model that no account serves
   */
  drain(drained: Drained): Promise<void>;
  /** Without a model: all of the provider. Throws as `drain`. */
  resume(drained: Drained): Promise<void>;
}

export type ProviderDeskParts = Pick<DispatchParts, 'gates' | 'directory'> &
  Pick<DispatchDeps, 'store'> & {
    providers: ReadonlyMap<string, unknown>;
    reload(): Promise<void>;
  };

export function createProviderDesk(parts: ProviderDeskParts): ProviderDesk {
  const { store, gates, directory } = parts;

  function check({ provider, model }: Drained): void {
    if (model !== null && directory().find(`${provider}/${model}`)) return;
    if (model === null && parts.providers.has(provider)) return;
    throw new HeadraceError('not_found', {
      message: model === null ? 'There is no such provider.' : 'No account serves this model.',
      where: model === null ? provider : `${provider}/${model}`,
      fix: './headrace providers list names them.',
    });
  }

  return {
    list: () =>
      directory()
        .list()
        .map(({ id }) => gates.view(id)),
    async drain(drained) {
      check(drained);
      await writeDrain(store, drained, 'drain');
      await parts.reload();
    },
    async resume(drained) {
      check(drained);
      await writeDrain(store, drained, 'resume');
      await parts.reload();
    },
  };
}
