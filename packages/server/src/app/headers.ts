import type { MiddlewareHandler } from 'hono';
import type { Env } from './env.ts';

/** Answers of programs: nothing in them is to be shown as a page, framed or guessed at. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

/**
 * Headers of every answer (OWASP ASVS 5.0, 3.4). A page sets a policy of its own
 * before; what is there is left.
 */
export function secureHeaders(isHttps: boolean): MiddlewareHandler<Env> {
  return async (context, next) => {
    await next();
    const { headers } = context.res;
    const put = (name: string, value: string) => {
      if (!headers.has(name)) headers.set(name, value);
    };
    put('content-security-policy', API_POLICY);
    put('x-content-type-options', 'nosniff');
    put('referrer-policy', 'no-referrer');
    put('cross-origin-opener-policy', 'same-origin');
    put('cross-origin-resource-policy', 'same-origin');
    put('permissions-policy', 'camera=(), microphone=(), geolocation=(), browsing-topics=()');
    put('cache-control', 'no-store');
    if (isHttps) put('strict-transport-security', 'max-age=63072000; includeSubDomains');
  };
}

/** What is public and alike for everyone may be read from any page. */
export const PUBLIC_HEADERS = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
} as const;
