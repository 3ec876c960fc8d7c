export { type Asset, type Assets, bundleAssets } from './assets/assets.ts';
export { documentOf, type Page, type Visit } from './page/page.ts';
export { type PortalSettings, portalMount } from './portal.ts';
export { readWords, type Words } from './words/words.ts';
