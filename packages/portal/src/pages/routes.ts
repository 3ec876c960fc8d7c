import { aboutPage } from './about.ts';
import { changesPage } from './changes.ts';
import { comparePage } from './code/compare.ts';
import { placePage } from './code/place.ts';
import { caseAct, casePage, casesPage } from './docket/case.ts';
import { claimAct, claimPage, claimsPage, track, trackPage } from './docket/claim.ts';
import { claimFormPage, claimFormSubmit } from './docket/claim-form.ts';
import { deskPage } from './docket/desk.ts';
import { entryPage } from './entry.ts';
import { examine, examinePage, jobPage } from './examine.ts';
import { frontPage } from './front.ts';
import { logPage } from './log.ts';
import { bytesPage } from './module/bytes.ts';
import { codePage } from './module/code.ts';
import { modulePage } from './module/overview.ts';
import {
  callsPage,
  exportsPage,
  functionsPage,
  importsPage,
  stringsPage,
} from './module/tables.ts';
import { newsPage } from './news.ts';
import { ACCOUNT_FORMS, accountPage } from './people/account.ts';
import { register, registerPage, signIn, signInPage, signOut } from './people/sign-in.ts';
import { webhookAct, webhooksPage } from './people/webhooks.ts';
import { productPage } from './product.ts';
import { productsPage } from './products.ts';
import { recordPage } from './record.ts';
import { recordChangesPage } from './record-changes.ts';
import { releasePage } from './release.ts';
import type { PageRoute } from './route.ts';
import { searchPage } from './search/search.ts';
import { updatePage } from './update.ts';

/** Every page and its address. */
export const ROUTES: readonly PageRoute[] = [
  { path: '/', page: frontPage },
  { path: '/search', page: searchPage },
  { path: '/products', page: productsPage },
  { path: '/products/:product{[0-9]+}', page: productPage },
  { path: '/releases/:release{[0-9]+}', page: releasePage },
  { path: '/releases/:release{[0-9]+}/module', page: modulePage },
  { path: '/releases/:release{[0-9]+}/module/functions', page: functionsPage },
  { path: '/releases/:release{[0-9]+}/module/strings', page: stringsPage },
  { path: '/releases/:release{[0-9]+}/module/imports', page: importsPage },
  { path: '/releases/:release{[0-9]+}/module/exports', page: exportsPage },
  { path: '/releases/:release{[0-9]+}/module/calls', page: callsPage },
  { path: '/releases/:release{[0-9]+}/module/code', page: codePage },
  { path: '/releases/:release{[0-9]+}/module/bytes', page: bytesPage },
  { path: '/places', page: placePage },
  { path: '/compare', page: comparePage },
  { path: '/updates/:update{[0-9]+}', page: updatePage },
  { path: '/updates/:update{[0-9]+}/records/:record{[0-9]+}', page: recordPage },
  {
    path: '/updates/:update{[0-9]+}/changes/:before{[0-9]+}',
    page: recordChangesPage,
  },
  { path: '/diff', page: changesPage },
  { path: '/examine', page: examinePage },
  { path: '/examine', method: 'POST', page: examine },
  { path: '/jobs/:job{[0-9a-f-]{36}}', page: jobPage },
  { path: '/news', page: newsPage },
  { path: '/log', page: logPage },
  { path: '/entries/:index{[0-9]+}', page: entryPage },
  { path: '/about', page: aboutPage },
  { path: '/claims', page: claimsPage },
  { path: '/claims/new', page: claimFormPage },
  { path: '/claims/new', method: 'POST', page: claimFormSubmit },
  { path: '/claims/track', page: trackPage },
  { path: '/claims/track', method: 'POST', page: track },
  { path: '/claims/:claim{claim-[0-9]+}', page: claimPage },
  { path: '/claims/:claim{claim-[0-9]+}', method: 'POST', page: claimAct },
  { path: '/cases', page: casesPage },
  { path: '/cases/:case{case-[0-9]+}', page: casePage },
  { path: '/cases/:case{case-[0-9]+}', method: 'POST', page: caseAct },
  { path: '/desk', page: deskPage },
  { path: '/sign-in', page: signInPage },
  { path: '/sign-in', method: 'POST', page: signIn },
  { path: '/sign-out', method: 'POST', page: signOut },
  { path: '/register', page: registerPage },
  { path: '/register', method: 'POST', page: register },
  { path: '/account', page: accountPage },
  { path: '/account/webhooks', page: webhooksPage },
  { path: '/account/webhooks', method: 'POST', page: webhookAct },
  ...Object.entries(ACCOUNT_FORMS).map(([path, page]) => ({ path, method: 'POST', page }) as const),
];
