import { expect, test } from '../fixtures/app.ts';
import type { AcquirePage } from '../pages/acquire-page.ts';

/** Turns the wheel over a field and waits until the field has had the turns. */
async function turnWheel(window: AcquirePage, name: string, notches: number): Promise<void> {
  const field = window.field(name);
  await field.evaluate((element) => {
    element.setAttribute('data-turns', '0');
    const onWheel = () => element.setAttribute('data-turns', String(Number(element.getAttribute('data-turns')) + 1));
    element.addEventListener('wheel', onWheel);
  });
  for (let notch = 1; notch <= notches; notch++) {
    // A turn that the field leaves alone scrolls the panel under the pointer.
    await field.hover();
    await window.page.mouse.wheel(0, 100);
    await expect.poll(async () => Number(await field.getAttribute('data-turns'))).toBeGreaterThanOrEqual(notch);
  }
}

test('a number that can be read two ways moves nothing and is asked back, also after leaving', async ({
  app: { window },
}) => {
  await window.ready();
  for (const text of ['1,000', '1.000']) {
    await window.type('X target', text);
    await expect(window.page.getByText(`${text}: is it 1.0 or 1000?`)).toBeVisible();
  }
  await window.page.keyboard.press('Tab');
  await expect(window.field('X target')).toHaveValue('1.000');
  await expect(window.output('X read back')).toHaveText('0.00');
  await window.type('X target', '12,5');
  await expect(window.output('X read back')).toHaveText('12.50');
});

test('after Enter the wheel moves nothing, after a click into the field it steps', async ({ app: { window } }) => {
  await window.ready();
  await window.type('Z target', '10');
  await expect(window.output('Z read back')).toHaveText('10.00');
  await turnWheel(window, 'Z target', 5);
  await expect(window.field('Z target')).toHaveValue('10.00');
  await window.field('Z target').click();
  await turnWheel(window, 'Z target', 1);
  await expect(window.output('Z read back')).toHaveText('9.00');
});

test('no key lights or runs anything while a field is typed in, and STOP still works there', async ({
  app: { window },
}) => {
  await window.ready();
  const before = await window.frameIndex();
  const field = window.field('X target');
  await field.click();
  for (const [key, word] of [
    ['Control+k', 'Snap'],
    ['Control+l', 'Live'],
    ['Control+Enter', 'Run'],
  ] as const) {
    await field.press(key);
    await expect(window.page.getByText(`${word} waits for the field`)).toBeVisible();
  }
  await expect(field).toHaveValue('');
  await expect(window.button('Live')).toBeVisible();
  await expect(window.runState).toHaveText('Idle');
  expect(await window.frameIndex()).toBe(before);
  await field.press('Escape');
  await expect(window.button(/Re-arm/)).toBeVisible();
});

test('Run does not start with a number that was not understood', async ({ app: { window } }) => {
  await window.ready();
  await window.plan({ channels: ['FITC'], times: { count: 2, intervalS: 0 } });
  await window.field('Interval').fill('1,000');
  await window.button('Run').click();
  await expect(window.field('Interval')).toBeFocused();
  await expect(window.runState).toHaveText('Idle');
});
