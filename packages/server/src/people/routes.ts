import type { Api } from '../app/api.ts';
import { type AccountPorts, answerAccounts } from './accounts.ts';
import { answerPasskeys } from './passkeys.ts';
import { answerRoles } from './roles.ts';
import { answerSecondFactor } from './second-factor.ts';
import { answerSessions } from './sign-in.ts';
import { answerTokens } from './tokens.ts';

/** All that people do with their accounts. */
export function answerPeople(api: Api, ports: AccountPorts): void {
  answerAccounts(api, ports);
  answerSessions(api, ports);
  answerPasskeys(api, ports);
  answerSecondFactor(api, ports);
  answerTokens(api, ports);
  answerRoles(api, ports);
}
