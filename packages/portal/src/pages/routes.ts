import { frontPage } from './front.ts';
import { productPage } from './product.ts';
import { productsPage } from './products.ts';
import { releasePage } from './release.ts';
import type { PageRoute } from './route.ts';
import { searchPage } from './search.ts';

/** Every page and its address. */
export const ROUTES: readonly PageRoute[] = [
  { path: '/', page: frontPage },
  { path: '/search', page: searchPage },
  { path: '/products', page: productsPage },
  { path: '/products/:product{[0-9]+}', page: productPage },
  { path: '/releases/:release{[0-9]+}', page: releasePage },
];
