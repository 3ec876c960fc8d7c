/** The session's cookie. With TLS its name has browsers hold it to this host alone (RFC 6265bis, 4.1.3.2). */
export function sessionCookieName(isHttps: boolean): string {
  return isHttps ? '__Host-avow' : 'avow';
}

export interface CookieLife {
  readonly isHttps: boolean;
  /** Seconds; 0 takes the cookie away. */
  readonly seconds: number;
}

/** A `Set-Cookie` that no script reads, and no other site's form sends. */
export function cookieText(name: string, value: string, { isHttps, seconds }: CookieLife): string {
  const secure = isHttps ? '; Secure' : '';
  return `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** The value of a request's cookie; undefined when it is not there. */
export function cookieOf(request: Request, name: string): string | undefined {
  for (const part of (request.headers.get('cookie') ?? '').split(';')) {
    const [key, ...rest] = part.trim().split('=');
    if (key === name) return rest.join('=');
  }
  return undefined;
}
