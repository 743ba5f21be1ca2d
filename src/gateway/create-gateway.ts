import type { AddressInfo } from 'node:net';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { errorFields } from '../platform/log.ts';
import { describeApi } from './docs/describe-api.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { routes } from './routes.ts';
import { createRunHints } from './runs/run-hints.ts';
import { createServer } from './server/create-server.ts';
import type { GatewayApp, GatewayContext } from './server/gateway-app.ts';
import { sweepKeys } from './server/idempotency-keys.ts';

export interface Gateway {
  /** Throws `port_in_use`, and `config_invalid` for an address that is not this machine's. */
  listen(address: { host: string; port: number }): Promise<{ url: string }>;
  /** Ends streams, lets requests in flight finish within the grace, gives up the rest. */
  close(): Promise<void>;
  /** A request without a socket, for tests and for the command in the same process. */
  inject: GatewayApp['inject'];
}

const defaultGraceMs = 10_000;
const sweepEveryMs = 3_600_000;

export async function createGateway(deps: GatewayDeps): Promise<Gateway> {
  const stopping = new AbortController();
  const abandoning = new AbortController();
  const context: GatewayContext = {
    ...deps,
    runHints: createRunHints(deps),
    stopping: stopping.signal,
    abandoning: abandoning.signal,
  };
  const app = createServer(context);
  await describeApi(app);
  for (const route of routes) route(app, context);
  await app.ready();
  const stopSweeping = sweepRegularly(deps);

  return {
    inject: app.inject.bind(app),
    listen: (address) => listen(app, address),
    async close() {
      stopSweeping();
      stopping.abort();
      const cancelForce = deps.clock.setTimer(deps.graceMs ?? defaultGraceMs, () => {
        abandoning.abort();
        app.server.closeAllConnections();
      });
      await app.close();
      cancelForce();
    },
  };
}

function sweepRegularly({ store, clock, log }: GatewayDeps): () => void {
  let cancel = () => {};
  const schedule = () => {
    cancel = clock.setTimer(sweepEveryMs, () => {
      sweepKeys(store)
        .catch((error: unknown) => log.warn('idempotency.sweep_failed', errorFields(error)))
        .finally(schedule);
    });
  };
  schedule();
  return () => cancel();
}

async function listen(app: GatewayApp, { host, port }: { host: string; port: number }) {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw describeListenFailure(cause, { host, port });
  }
  const { address, port: actual, family } = app.server.address() as AddressInfo;
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}` };
}

function describeListenFailure(cause: unknown, { host, port }: { host: string; port: number }) {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new HeadraceError('port_in_use', {
      message: `Port ${port} on ${host} is in use by another program.`,
      where: 'HEADRACE_PORT',
      cause,
    });
  }
  if (code === 'EACCES') {
    return new HeadraceError('config_invalid', {
      message: `Port ${port} may not be opened by this user.`,
      where: 'HEADRACE_PORT',
      fix: 'Choose a port of 1024 or above.',
      cause,
    });
  }
  return new HeadraceError('config_invalid', {
    message: `Cannot listen on ${host}:${port}.`,
    where: 'HEADRACE_HOST',
    fix: 'Set HEADRACE_HOST to an address of this machine, such as 127.0.0.1 or 0.0.0.0.',
    cause,
  });
}
