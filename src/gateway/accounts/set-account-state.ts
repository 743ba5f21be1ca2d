import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { noBody } from '../server/no-body.ts';
import { accountSchema, writeAccount } from './account-schema.ts';

const commands = [
  {
    verb: 'enable',
    state: 'active',
    summary: 'Take an account back: ends disabling, draining and every pause',
  },
  {
    verb: 'disable',
    state: 'disabled',
    summary: 'Take an account out; it lists no models any more',
  },
  { verb: 'drain', state: 'draining', summary: 'Let the calls under way end, and begin none' },
] as const;

/** An operator's word; also for accounts that are declared elsewhere. */
export const setAccountState: Route = (app, { accounts }) => {
  for (const { verb, state, summary } of commands) {
    app.route({
      method: 'POST',
      url: `/api/v1/accounts/:id/${verb}`,
      config: { access: 'admin' },
      schema: {
        operationId: `${verb}Account`,
        tags: ['accounts'],
        summary,
        params: idParams,
        body: noBody,
        response: { 200: accountSchema, ...problems },
      },
      async handler(request) {
        const { id } = request.params;
        return writeAccount(await accounts.setState(id, state), accounts.gauges(id));
      },
    });
  }
};
