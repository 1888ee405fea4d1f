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
    return this.page
      .getByRole('textbox', { name, exact: true })
      .or(this.page.getByRole('spinbutton', { name, exact: true }));
  }

  output(name: string): Locator {
    return this.page.getByRole('status', { name, exact: true });
  }

  tab(name: string): Locator {
    return this.page.getByRole('tab', { name, exact: true });
  }

  get stop(): Locator {
    return this.button(/^STOP/);
  }

  get liveImage(): Locator {
    return this.page.getByRole('img', { name: 'Live image' });
  }

  get runState(): Locator {
    return this.output('Run state');
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
    await this.page.getByRole('combobox', { name: 'Channel', exact: true }).selectOption(name);
  }

  /** Index of the frame that is shown; -1 before the first. */
  async frameIndex(): Promise<number> {
    return Number((await this.liveImage.getAttribute('data-frame-index')) ?? -1);
  }

  /** Counts of the shown image at its centre and four places around it. */
  async pixels(): Promise<number[]> {
    const box = await this.liveImage.boundingBox();
    if (!box) throw new Error('There is no live image');
    const values: number[] = [];
    for (const [dx, dy] of [
      [0.5, 0.5],
      [0.4, 0.5],
      [0.6, 0.5],
      [0.5, 0.4],
      [0.5, 0.6],
    ] as const) {
      await this.page.mouse.move(box.x + box.width * dx, box.y + box.height * dy);
      await expect(this.output('Pixel value')).toContainText(/\d/);
      values.push(countsOf((await this.output('Pixel value').textContent()) ?? ''));
    }
    return values;
  }
}

/** The last number of a read-out: counts come after place and size. */
function countsOf(text: string): number {
  const numbers = text.replace(/[\u2009\u202f\u00a0]/g, '').match(/\d+(\.\d+)?/g);
  return Number(numbers?.at(-1) ?? Number.NaN);
}
