import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Store } from '../../platform/store/store.ts';
import type { DispatchDeps } from '../dispatch-deps.ts';
import type { DispatchParts } from '../dispatch-parts.ts';
import type { GateView } from '../gates/create-gates.ts';
import { type Drained, readDrains, writeDrain } from './provider-drains.ts';

/** What a person does with providers. */
export interface ProviderDesk {
  /** The gate of every pool, by its name. */
  list(): GateView[];
  /**
   * Lets the calls under way end and begins none, until `resume`; over restarts and in every process.
   * @throws HeadraceError `not_found` for a provider or model that no account serves
   */
  drain(drained: Drained): Promise<void>;
  /**
   * Without a model: all of the provider, its models too.
   * @throws HeadraceError `not_found` as `drain`; `conflict` for a model of a provider that is drained whole
   */
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
      await refuseHidden(store, drained);
      await writeDrain(store, drained, 'resume');
      await parts.reload();
    },
  };
}

/** Resumed alone it would stay out, for its provider is. */
async function refuseHidden(store: Store, { provider, model }: Drained): Promise<void> {
  if (model === null || !(await readDrains(store)).has(provider)) return;
  throw new HeadraceError('conflict', {
    message: `All of ${provider} is drained, and ${model} with it.`,
    where: `${provider}/${model}`,
    fix: `Resume the provider (./headrace providers resume ${provider}), then drain the models that are to stay out.`,
  });
}
