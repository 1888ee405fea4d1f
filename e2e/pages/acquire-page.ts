import { expect, type Locator, type Page } from '@playwright/test';

/** The window as an operator knows it: every control by role and name. */
export class AcquirePage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  field(name: string): Locator {
    return this.page.getByRole('spinbutton', { name, exact: true });
  }

  output(name: string): Locator {
    return this.page.getByRole('status', { name, exact: true });
  }

  tab(name: string): Locator {
    return this.page.getByRole('tab', { name, exact: true });
  }

  tick(name: string): Locator {
    return this.page.getByRole('checkbox', { name, exact: true });
  }

  get stop(): Locator {
    return this.button(/^STOP/);
  }

  get liveImage(): Locator {
    return this.page.getByRole('img', { name: 'Live image' });
  }

  get storedImage(): Locator {
    return this.page.getByRole('img', { name: 'Stored image' });
  }

  get runState(): Locator {
    return this.output('Run state');
  }

  get runPanel(): Locator {
    return this.page.getByRole('region', { name: 'Run', exact: true });
  }

  get statusBar(): Locator {
    return this.page.getByRole('region', { name: 'Status', exact: true });
  }

  async ready(): Promise<void> {
    await expect(this.button('Snap')).toBeEnabled({ timeout: 30_000 });
  }

  async type(name: string, value: string): Promise<void> {
    const field = this.field(name);
    await field.fill(value);
    await field.press('Enter');
  }

  async chooseChannel(name: string): Promise<void> {
    const channel = this.page.getByRole('combobox', { name: 'Channel', exact: true });
    await channel.selectOption(name);
    await expect(channel).toHaveValue(name);
  }

  async show(layout: 'Acquire' | 'Review'): Promise<void> {
    await this.page.getByRole('radio', { name: layout, exact: true }).click();
  }

  /** Index of the frame that is shown; -1 before the first. */
  async frameIndex(): Promise<number> {
    return Number((await this.liveImage.getAttribute('data-frame-index')) ?? -1);
  }

  /** Waits until a frame that was not shown before is shown. */
  async nextFrame(): Promise<void> {
    const before = await this.frameIndex();
    await expect.poll(() => this.frameIndex()).toBeGreaterThan(before);
  }

  async snap(): Promise<void> {
    const before = await this.frameIndex();
    await this.button('Snap').click();
    await expect.poll(() => this.frameIndex()).toBeGreaterThan(before);
  }

  /** Ticks the axes of a run and fills in what they need. */
  async plan(axes: {
    readonly channels: readonly string[];
    readonly planes?: { readonly count: number; readonly stepUm: number };
    readonly times?: { readonly count: number; readonly intervalS: number };
  }): Promise<void> {
    await this.tab('Channels').click();
    const boxes = this.page.getByRole('tabpanel', { name: 'Channels' }).getByRole('checkbox');
    for (const box of await boxes.all()) {
      const name =
        (await box.getAttribute('aria-label')) ?? (await box.evaluate((node) => node.closest('tr')?.textContent ?? ''));
      await box.setChecked(axes.channels.some((channel) => name.includes(channel)));
    }
    if (axes.planes) {
      await this.tick('Use Z').setChecked(true);
      await this.tab('Z').click();
      await this.type('Planes', String(axes.planes.count));
      await this.type('Z step', String(axes.planes.stepUm));
    }
    if (axes.times) {
      await this.tick('Use Time').setChecked(true);
      await this.tab('Time').click();
      await this.type('Times', String(axes.times.count));
      await this.type('Interval', String(axes.times.intervalS));
    }
  }

  async openStore(path: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Path of a store' }).fill(path);
    await this.button('Open').click();
  }

  /** What the window decodes at a pixel of the plane that is shown. */
  async storedPixel(x: number, y: number): Promise<number> {
    await this.type('Pixel x', String(x));
    await this.type('Pixel y', String(y));
    const output = this.output('Value at pixel');
    await expect(output).toHaveAttribute('data-value', /\d/);
    return Number(await output.getAttribute('data-value'));
  }
}
