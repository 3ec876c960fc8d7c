import type { Moderation, Moderations } from '@avow/stores/standing';
import type { Identity } from '../access/identity.ts';
import { type Api, absent } from '../app/api.ts';
import type { Call } from '../app/call.ts';
import { given } from '../catalogue/shown.ts';
import { caseOf, claimOf, type DocketPorts } from '../claims/port.ts';
import { moderations as routes } from '../contract/moderation.ts';
import type { BodyOf } from '../contract/route.ts';

export interface ModerationPorts extends DocketPorts {
  readonly moderations: Moderations;
}

/** Hides what should not be read, and shows it again. The docket keeps every word, and this keeps every step. */
export function answerModeration(api: Api, ports: ModerationPorts): void {
  const { moderations } = ports;
  const ofCase = async ({ params }: { params: { case: string } }) => caseOf(ports, params.case);
  const ofClaim = async ({ params }: { params: { claim: string } }) => claimOf(ports, params.claim);
  api.answer(routes.ofCase, {
    object: ofCase,
    handle: async ({ params }) => listed(moderations, params.case),
  });
  api.answer(routes.inCase, {
    object: ofCase,
    handle: async (call, { statements }) => {
      if (call.body.what > statements.length) throw absent();
      return moderated(ports, call.params.case, call);
    },
  });
  api.answer(routes.ofClaim, {
    object: ofClaim,
    handle: async ({ params }) => listed(moderations, params.claim),
  });
  api.answer(routes.inClaim, {
    object: ofClaim,
    handle: async (call) => {
      const { claim } = call.params;
      if (!(await ports.standing.hasMessage(claim, call.body.what))) throw absent();
      return moderated(ports, claim, call);
    },
  });
}

async function moderated(
  { moderations, now }: ModerationPorts,
  subject: string,
  {
    body,
    identity,
  }: Pick<Call<typeof routes.inCase>, 'identity'> & {
    readonly body: BodyOf<typeof routes.inCase>;
  },
) {
  await moderations.add(subject, {
    what: body.what,
    is_hidden: body.isHidden ? 1 : 0,
    reason: body.reason,
    by_name: nameOf(identity),
    at: new Date(now()).toISOString(),
  });
  return listed(moderations, subject);
}

function nameOf(identity: Identity): string {
  return identity.kind === 'anonymous' ? '' : identity.name;
}

async function listed(moderations: Moderations, subject: string) {
  const all = await moderations.of(subject);
  return {
    items: all.map(({ what, is_hidden, reason, by_name, at }) => ({
      what,
      isHidden: is_hidden === 1,
      reason,
      by: by_name,
      at,
    })),
  };
}

/** A text as someone may see it: staff see what is hidden, and by whom. */
export function textAndHidden(
  text: string,
  hidden: Moderation | undefined,
  isStaff: boolean,
): {
  readonly text: string;
  readonly hidden?: { readonly reason: string; readonly at: string; readonly by?: string };
} {
  if (hidden === undefined) return { text };
  const { reason, at, by_name } = hidden;
  return {
    text: isStaff ? text : '',
    hidden: { reason, at, ...given('by', isStaff ? by_name : undefined) },
  };
}
