import type { Ask } from '../ask.ts';
import type { Page, Visit } from '../page/page.ts';

/** A visitor's request for a page. */
export interface Asked {
  readonly visit: Visit;
  /** The API, as this visitor may use it. */
  readonly client: Ask;
  readonly url: URL;
  /** What the path's pattern names. */
  readonly params: Readonly<Record<string, string>>;
  readonly request: Request;
}

/** A page and its address. */
export interface PageRoute {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly page: (asked: Asked) => Promise<Page | Response>;
}
