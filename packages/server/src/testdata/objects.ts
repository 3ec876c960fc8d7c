import { utf8Bytes } from '@avow/bytes';
import type { Opened } from '../serve/stores.ts';

const AT = '2026-11-23T12:00:00.000Z';
const LEAD = { name: 'lea', role: 'lead' } as const;
let made = 0;

/** Fresh objects of `ann`, about a product of `acme`; public or not. Gives values for the parameters of routes. */
export const OBJECTS: Readonly<
  Record<string, (stores: Opened, isPublic: boolean) => Promise<Readonly<Record<string, string>>>>
> = {
  product: async (stores, isPublic) => {
    const release = await releaseOf(stores, isPublic);
    const { product } = (await stores.lists.release(release))!;
    return { product: String(product) };
  },
  release: async (stores, isPublic) => {
    const release = String(await releaseOf(stores, isPublic));
    const { examination } = (await stores.lists.release(Number(release)))!;
    const one = { path: 'a.cf', format: 'spamassassin', update_number: '1', digest: null };
    const update = String(
      await stores.catalogue.addUpdate(examination!, { ...one, records: 0, understood: 0 }),
    );
    return { release, since: release, update, before: update };
  },
  upload: async (stores) => {
    const upload = `upload${made++}-`.padEnd(22, '0');
    const common = { file: 'a.tgz', size: 10, expected: null, is_public: 0, created: 0 };
    await stores.uploads.create({ id: upload, owner: 'ann', ...common });
    return { upload };
  },
  job: async (stores) => {
    const [job] = await stores.jobs.enqueue([
      { kind: 'deliver', key: `job${made++}`, data: { owner: 'ann' } },
    ]);
    await stores.jobs.cancel(job!);
    return { job: job! };
  },
  claim: async (stores, isPublic) => ({ claim: await claimOf(stores, isPublic) }),
  case: async (stores, isPublic) => {
    const claim = await claimOf(stores, isPublic);
    const id = `case-${++made}`;
    const data = { locator: 'pkg:npm/x@1#a.js @line:1', said: 'net.http', claims: [claim] };
    const target = (await stores.lists.release(await releaseOf(stores, false)))!.target;
    await stores.docket.act(id, 'open', { name: 'avow', role: 'system' }, { ...data, target });
    await stores.docket.act(id, 'notify', LEAD);
    const digest = await stores.objects.keep(utf8Bytes('{"is":"evidence"}'));
    await stores.docket.keep(utf8Bytes('{"is":"evidence"}'));
    await stores.docket.act(id, 'keep', LEAD, { digest, name: 'a.txt' });
    const run = { product: digest, engine: digest, rules: digest, result: digest };
    await stores.docket.act(id, 'run', LEAD, { receipt: digest, ...run, outcome: 'reproduced' });
    await stores.standing.add(id, 'party', 'pat');
    if (isPublic) await stores.standing.add(id, 'public');
    return { case: id, digest };
  },
  webhook: async (stores) => {
    const webhook = `hook${made++}-`.padEnd(22, '0');
    const secrets = stores.seal.seal('["whsec_AAAA"]');
    const common = { url: 'https://a.example.com/', kinds: '["release.examined"]', failures: 0, at: AT };
    await stores.notices.addWebhook({ id: webhook, owner: 'ann', secrets, state: 'on', ...common });
    return { webhook };
  },
  subscription: async (stores) => {
    const subscription = `subscription${made++}-`.padEnd(22, '0');
    const common = { kinds: '["release.examined"]', tags: '["product:1"]', is_mailed: 0 };
    await stores.subscriptions.add({
      id: subscription,
      account: 'ann',
      webhook: null,
      created: 0,
      ...common,
    });
    return { subscription };
  },
  draft: async (stores) => {
    const draft = `draft${made++}-`.padEnd(22, '0');
    const text = stores.seal.seal('a draft');
    await stores.drafts.add({ id: draft, account: 'ann', text, created: 0, changed: 0 });
    return { draft };
  },
  service: async () => ({}),
};

async function claimOf(stores: Opened, isPublic: boolean): Promise<string> {
  const { id } = await stores.docket.write('ann', 'a claim');
  await stores.standing.add(id, 'owner', 'ann');
  if (isPublic) await stores.standing.add(id, 'public');
  return id;
}

async function releaseOf(stores: Opened, isPublic: boolean): Promise<number> {
  const number = made++;
  const digest = await stores.objects.keep(utf8Bytes(emptyExamination(`pkg:npm/x${number}@1`)));
  const release = await stores.catalogue.addRelease({
    name: `npm/x${number}`,
    target: `pkg:npm/x${number}@1`,
    version: '1',
    digest,
    size: 1,
    isPublic,
    owner: 'ann',
    at: AT,
  });
  const examination = await stores.catalogue.beginExamination({
    release,
    document: digest,
    engine: { version: '1', digest },
    rules: { update: 1, digest },
    answer: 'none-found',
    coverage: '{}',
    counts: { modules: 0, features: 0, flows: 0, findings: 0, unknowns: 0 },
    at: AT,
  });
  await stores.catalogue.finish(release, examination);
  await stores.catalogue.putMembers(release, [{ path: 'a.js', digest, size: 5 }]);
  const found = (await stores.lists.release(release))!;
  await stores.catalogue.setMaker(found.product, 'acme');
  return release;
}

/** A result document in which nothing is. */
function emptyExamination(target: string): string {
  return JSON.stringify({
    product: { target, digest: `sha256:${'0'.repeat(64)}`, size: 1 },
    ...{ modules: [], databases: [], features: [], flows: [], unknowns: [], findings: [] },
    coverage: { bytes: 1, bytesRead: 1, modules: 0, modulesRead: 0 },
  });
}
