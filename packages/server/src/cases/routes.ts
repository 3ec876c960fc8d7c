import { type Digest, utf8Bytes } from '@avow/bytes';
import type { Case } from '@avow/docket';
import type { JsonObject } from '@avow/log';
import type { Identity } from '../access/identity.ts';
import { accountOf } from '../access/identity.ts';
import { may, type ObjectFacts } from '../access/may.ts';
import { type Api, absent } from '../app/api.ts';
import { bodyOf } from '../app/valid.ts';
import { given } from '../catalogue/shown.ts';
import { caseOf, type DocketPorts, isStaffOf } from '../claims/port.ts';
import { subjectIn } from '../claims/routes.ts';
import { cases } from '../contract/cases.ts';
import { shownJob } from '../jobs/routes.ts';
import { actorFor, rolesIn } from './actor.ts';
import { listForMaker, makersOf } from './makers.ts';
import { affectedReleases, keepAffected, type PublishPorts, publish } from './publish.ts';
import { type ShowPorts, type Sight, shownCase } from './shown.ts';

export interface CasePorts extends PublishPorts, ShowPorts {
  /** Told of a case whose advisory is new, or another than it was. */
  readonly onPublished: (found: Case) => Promise<void>;
}

/** A case as it was loaded, with what its sight depends on. */
interface Opened {
  readonly found: Case;
  readonly facts: ObjectFacts;
}

/** Bytes of one piece of evidence. */
const MAX_EVIDENCE = 20 * 1024 ** 2;

/** Cases: what is said in them, and each step of theirs by whom it is for. */
export function answerCases(api: Api, ports: CasePorts): void {
  const object = opener(ports);
  api.answer(cases.list, {
    handle: async ({ query, identity }) =>
      isStaffOf(identity) ? listOfStaff(ports, query) : listOfOthers(ports, identity, query),
  });
  api.answer(cases.read, {
    object,
    handle: async ({ identity }, { found, facts }) =>
      shownCase(found, sightOf(identity, facts), ports),
  });
  api.answer(cases.state, {
    object,
    handle: async ({ body, identity }, opened) => {
      const { stance, locator } = body;
      const isAnswer = rolesIn(identity, opened.facts).includes('vendor');
      const move =
        stance === 'contests'
          ? 'contest'
          : isAnswer && opened.found.state === 'vendor-notified'
            ? 'answer'
            : 'state';
      const text = await ports.docket.keep(utf8Bytes(body.text));
      const data = { text, ...given('stance', stance), ...given('locator', locator) };
      return moved(ports, identity, opened, move, data);
    },
  });
  for (const [route, move] of [
    [cases.take, 'take'],
    [cases.notify, 'notify'],
    [cases.propose, 'propose'],
    [cases.approve, 'approve'],
  ] as const) {
    api.answer(route, {
      object,
      handle: async ({ body, identity }, opened) => {
        const shown = await moved(ports, identity, opened, move, (body ?? {}) as JsonObject);
        if (move === 'notify') await listForMaker(ports, opened.found);
        return shown;
      },
    });
  }
  answerEmbargo(api, ports);
  answerEvidence(api, ports);
  answerReceipt(api, ports);
  answerPublishing(api, ports);
  api.answer(cases.run, {
    object,
    handle: async ({ identity }, { found, facts }) => {
      const actor = actorFor(identity, facts, 'run', found);
      const owner = accountOf(identity)!;
      const [id] = await ports.jobs.enqueue([
        {
          kind: 'run',
          key: `${found.id}:${found.version}:${owner}`,
          data: { case: found.id, runner: actor.name, role: actor.role, owner },
        },
      ]);
      return shownJob((await ports.jobs.read(id!))!);
    },
  });
}

function opener(ports: DocketPorts) {
  return async ({ params }: { params: { case: string } }) => {
    const loaded = await caseOf(ports, params.case);
    return loaded && { facts: loaded.facts, value: { found: loaded.value, facts: loaded.facts } };
  };
}

function answerEmbargo(api: Api, ports: CasePorts): void {
  const object = opener(ports);
  api.answer(cases.embargo, {
    object,
    handle: async ({ body: { step, ...data }, identity }, opened) =>
      moved(ports, identity, opened, `embargo.${step}`, data as JsonObject),
  });
  api.answer(cases.consent, {
    object,
    handle: async ({ body: { step, ...data }, identity }, opened) =>
      moved(ports, identity, opened, `consent.${step}`, data as JsonObject),
  });
}

function answerEvidence(api: Api, ports: CasePorts): void {
  const object = opener(ports);
  api.answer(cases.keep, {
    object,
    handle: async ({ query, identity, request }, { found, facts }) => {
      const actor = actorFor(identity, facts, 'keep', found);
      const digest = await ports.docket.keep(await bodyOf(request, MAX_EVIDENCE));
      await ports.docket.act(found.id, 'keep', actor, { digest, name: query.name });
      return { digest };
    },
  });
  api.answer(cases.evidence, {
    object,
    handle: async ({ params }, { found }) => {
      const piece = found.evidence.find(({ digest }) => digest === params.digest);
      const bytes = piece && (await ports.objects.read(piece.digest as Digest));
      if (piece === undefined || bytes === undefined) {
        throw absent();
      }
      return new Response(new Uint8Array(bytes), {
        headers: {
          'content-type': 'application/octet-stream',
          'content-disposition': `attachment; filename="${piece.digest.slice(7, 23)}.bin"`,
          'cache-control': 'private, no-store',
        },
      });
    },
  });
}

function answerReceipt(api: Api, ports: CasePorts): void {
  api.answer(cases.receipt, {
    object: opener(ports),
    handle: async ({ params }, { found }) => {
      const run = found.runs.find(({ receipt }) => receipt === params.digest);
      const text = run && (await ports.docket.textOf(run.receipt));
      if (text === undefined) throw absent();
      return new Response(text, {
        headers: { 'content-type': 'application/json; charset=utf-8' },
      });
    },
  });
}

function answerPublishing(api: Api, ports: CasePorts): void {
  const object = opener(ports);
  const shownAfter = async (identity: Identity, { found, facts }: Opened) => {
    const after = await ports.docket.case(found.id);
    await ports.onPublished(after);
    return shownCase(after, sightOf(identity, facts), ports);
  };
  api.answer(cases.publish, {
    object,
    handle: async ({ identity, body: { also, fixedIn } }, opened) => {
      const { found, facts } = opened;
      const isTold = also !== undefined || fixedIn !== undefined;
      const affected = isTold
        ? { also: also ?? [], ...given('fixedIn', fixedIn) }
        : await affectedReleases(ports, found);
      const actor = actorFor(identity, facts, 'publish', found);
      const data = { affected: await keepAffected(ports, affected) };
      await publish(ports, found, 'publish', actor, data);
      return shownAfter(identity, opened);
    },
  });
  for (const [route, move] of [
    [cases.correct, 'correct'],
    [cases.withdraw, 'withdraw'],
  ] as const) {
    api.answer(route, {
      object,
      handle: async ({ body, identity }, opened) => {
        const { found, facts } = opened;
        const { summary } = body as { summary: string };
        const actor = actorFor(identity, facts, move, found);
        await publish(ports, found, move, actor, { summary, reason: summary });
        return shownAfter(identity, opened);
      },
    });
  }
}

async function moved(
  ports: CasePorts,
  identity: Identity,
  { found, facts }: Opened,
  move: string,
  data: JsonObject,
) {
  await ports.docket.act(found.id, move, actorFor(identity, facts, move, found), data);
  const after = await ports.docket.case(found.id);
  return shownCase(after, sightOf(identity, facts), ports);
}

function sightOf(identity: Identity, facts: ObjectFacts): Sight {
  if (isStaffOf(identity)) return 'staff';
  const account = accountOf(identity);
  const takesPart =
    rolesIn(identity, facts).length > 0 ||
    (account !== undefined && facts.parties?.includes(account) === true);
  return takesPart ? 'part' : 'public';
}

interface Paging {
  readonly state?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

async function listOfStaff(ports: CasePorts, { state, after, limit }: Paging) {
  const rows = await ports.store.list({
    kind: 'case',
    limit: limit + 1,
    ...given('state', state),
    ...given('after', after === undefined ? undefined : subjectIn(after, 'case')),
  });
  const items = rows
    .slice(0, limit)
    .map(async ({ subject }) => shownCase(await ports.docket.case(subject), 'staff', ports));
  const next = rows.length > limit ? rows[limit - 1]!.subject : undefined;
  return { items: await Promise.all(items), ...given('next', next) };
}

/** What is published, what they take part in, and what the makers that they are of were told of. */
async function listOfOthers(ports: CasePorts, identity: Identity, { state, ...paging }: Paging) {
  const page = await ports.standing.seenBy('case', accountOf(identity), makersOf(identity), paging);
  const found = await Promise.all(page.rows.map(({ subject }) => caseOf(ports, subject)));
  const seen = found
    .filter((one) => one !== undefined)
    .filter(({ facts }) => may(identity, 'case.read', facts) === 'yes')
    .filter(({ value }) => state === undefined || value.state === state);
  const wanted = await Promise.all(
    seen.map(({ value, facts }) => shownCase(value, sightOf(identity, facts), ports)),
  );
  return { items: wanted, ...given('next', page.next) };
}
