import { answerAdvisories } from '../advisories/routes.ts';
import { API, Api } from '../app/api.ts';
import type { App } from '../app/env.ts';
import { openApiOf } from '../app/openapi.ts';
import { MemoryRates } from '../app/rate.ts';
import { answerCases } from '../cases/routes.ts';
import { answerChanges } from '../catalogue/changes.ts';
import { answerKeeping } from '../catalogue/keep.ts';
import { answerCatalogue } from '../catalogue/routes.ts';
import { answerUpdates } from '../catalogue/updates.ts';
import { answerCheck } from '../claims/check.ts';
import { answerClaims } from '../claims/routes.ts';
import type { Config } from '../config/config.ts';
import { answerDiffs } from '../diffs/routes.ts';
import { answerDrafts } from '../drafts/routes.ts';
import { answerFiles } from '../find/files.ts';
import { answerPlaces } from '../find/routes.ts';
import { answerJobs } from '../jobs/routes.ts';
import { answerLog } from '../logs/api.ts';
import { answerMail, type MailPorts, mountMail } from '../mail/routes.ts';
import { answerModeration } from '../moderation/routes.ts';
import { answerModules } from '../modules/routes.ts';
import { tellOf } from '../notices/publish.ts';
import { answerNotices } from '../notices/routes.ts';
import { mountOidc } from '../people/oidc.ts';
import { answerPeople } from '../people/routes.ts';
import { answerRechecks } from '../rechecks/routes.ts';
import { mountNoticeFeeds } from '../subscriptions/feeds.ts';
import { answerSubscriptions } from '../subscriptions/routes.ts';
import { answerUploads } from '../uploads/routes.ts';
import { answerWebhooks } from '../webhooks/routes.ts';
import type { Opened } from './stores.ts';

/** Every route of the API, and the document that tells them. */
export function mountApi(
  app: App,
  { config, version, url }: { config: Config; version: string; url: string },
  stores: Opened,
): Api {
  const { read, write, costly, body } = config.limits;
  const rates = new MemoryRates({ read, write, costly }, stores.now);
  const api = new Api(app, { rates, maxBody: body });
  answerCatalogue(api, stores.lists);
  answerChanges(api, stores);
  answerUpdates(api, stores);
  answerDiffs(api, stores);
  answerRechecks(api, stores);
  answerKeeping(api, stores);
  answerPlaces(api, stores);
  answerFiles(api, stores);
  answerModules(api, stores);
  answerUploads(api, { ...stores, files: stores.uploadFiles, limits: config.limits });
  answerJobs(api, stores);
  answerCheck(api, { config, lists: stores.lists });
  answerClaims(api, stores);
  answerCases(api, {
    ...stores,
    onPublished: (found) => tellOf(found, stores),
  });
  answerModeration(api, stores);
  answerAdvisories(api, stores.provider);
  answerLog(api, stores.publicLog);
  answerNotices(api, stores.notices, stores.followers);
  answerWebhooks(api, stores);
  const people = {
    people: stores.people,
    sessions: stores.sessions,
    url,
    title: config.publisher.name,
    now: stores.now,
  };
  answerPeople(api, { ...stores, ...people });
  const mail: MailPorts = {
    ...people,
    mailboxes: stores.mailboxes,
    notices: stores.notices,
    jobs: stores.jobs,
    mailTokens: stores.mailTokens,
    hasMail: stores.mailer !== undefined,
    digestHours: config.mail.digestHours,
  };
  answerMail(api, mail);
  answerSubscriptions(api, { ...stores, ...mail });
  const { now } = stores;
  mountNoticeFeeds(app, stores.notices, { url, name: config.publisher.name, now });
  answerDrafts(api, stores);
  mountMail(app, mail);
  mountOidc(app, people, config.signIn);
  const document = openApiOf(api.routes, { version, url });
  app.get(`${API}/openapi.json`, (context) => {
    context.set('route', '/openapi.json');
    return context.json(document);
  });
  return api;
}
