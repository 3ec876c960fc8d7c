import type { Browser, BrowserContext, Page } from 'playwright-core';

/** One person with a browser of their own, and a security key in it. */
export class Visitor {
  readonly name: string;
  readonly page: Page;
  readonly #url: string;
  readonly #context: BrowserContext;

  private constructor(name: string, url: string, context: BrowserContext, page: Page) {
    this.name = name;
    this.#url = url;
    this.#context = context;
    this.page = page;
  }

  /** Makes an account, by the pages. */
  static async register(browser: Browser, url: string, name: string): Promise<Visitor> {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    });
    const visitor = new Visitor(name, url, context, page);
    await visitor.go('/register');
    await visitor.fill('Name', name);
    await visitor.fill('Password', 'four unlikely words');
    await visitor.press('Make the account');
    return visitor;
  }

  /** Takes a role by its invitation, then signs in by a passkey: staff need a second factor. */
  async takeRole(code: string): Promise<void> {
    await this.go('/account');
    await this.fill('Code of the invitation', code);
    await this.press('Accept');
    await this.press('Add a passkey');
    await this.page.getByText('passkey', { exact: true }).waitFor();
    await this.press('Sign out');
    await this.go('/sign-in?next=/account');
    await this.press('Sign in with a passkey');
    await this.page.getByRole('heading', { name: this.name }).waitFor();
  }

  async go(path: string): Promise<void> {
    await this.page.goto(this.#url + path);
  }

  async fill(label: string, text: string): Promise<void> {
    await this.main.getByLabel(label).fill(text);
  }

  async press(name: string): Promise<void> {
    await this.main.getByRole('button', { name, exact: true }).click();
    await this.page.waitForLoadState();
  }

  /** Looks again until a text is there: some things are done by jobs. */
  async sees(text: string | RegExp): Promise<void> {
    for (let round = 0; round < 60; round++) {
      if ((await this.main.getByText(text).count()) > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
      await this.page.reload();
    }
    const at = `${this.page.url()}: ${await this.page.locator('body').textContent()}`;
    throw new Error(`${this.name} does not see ${text} at ${at}`);
  }

  get main() {
    return this.page.getByRole('main');
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }
}
