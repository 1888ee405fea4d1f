import { expect, test } from '../fixtures/app.ts';
import { seriousFaults } from '../fixtures/axe.ts';

test('opens on the live view with devices, acquisition and log around it, and STOP in sight', async ({
  app: { window },
}) => {
  await window.ready();
  for (const panel of ['Devices', 'Live', 'Acquire', 'Log']) await expect(window.tab(panel)).toBeVisible();
  await expect(window.stop).toBeVisible();
  await expect(window.stop).toBeEnabled();
  await expect(window.runState).toHaveText('Idle');
  await expect(window.page.getByRole('log')).toContainText('is ready');
});

test('lines in the status bar stand between facts, none after the last', async ({ app: { window } }) => {
  await window.ready();
  const facts = window.statusBar.locator('> :not(.status-lights)');
  expect(await facts.count()).toBeGreaterThan(3);
  for (const [index, fact] of (await facts.all()).entries()) {
    await expect(fact).toHaveCSS('border-left-width', index === 0 ? '0px' : '1px');
    await expect(fact).toHaveCSS('border-right-width', '0px');
  }
});

for (const layout of ['Acquire', 'Review'] as const) {
  for (const theme of ['dark', 'light'] as const) {
    test(`axe finds nothing serious in ${layout}, ${theme}`, async ({ app: { window } }) => {
      await window.ready();
      if (theme === 'light') await window.button('Light theme').click();
      if (layout === 'Acquire') await window.snap();
      await window.show(layout);
      const serious = await seriousFaults(window.page);
      expect(serious).toEqual([]);
    });
  }
}

test('every control has a name', async ({ app: { window } }) => {
  await window.ready();
  for (const layout of ['Acquire', 'Review'] as const) {
    await window.show(layout);
    const tree = await window.page.locator('body').ariaSnapshot();
    const nameless = tree
      .split('\n')
      .filter((line) => /- (button|checkbox|switch|slider|spinbutton|textbox|combobox|radio|tab)(:| \[|$)/.test(line));
    expect(nameless).toEqual([]);
  }
});

test('the keyboard reaches Snap, and Ctrl+K takes a picture', async ({ app: { window } }) => {
  await window.ready();
  const before = await window.frameIndex();
  await window.page.keyboard.press('Control+k');
  await expect.poll(() => window.frameIndex()).toBeGreaterThan(before);
  await window.page.keyboard.press('Tab');
  await expect(window.page.locator(':focus')).toBeVisible();
});

test('the layout and the theme are remembered, and the layout can be reset', async ({ app }) => {
  const { window } = app;
  await window.ready();
  await window.button('Light theme').click();
  await window.show('Review');
  await expect(window.tab('Runs')).toBeVisible();
  const again = await app.restart();
  await again.ready();
  await expect(again.tab('Runs')).toBeVisible();
  await expect(again.button('Dark theme')).toBeVisible();
  await again.show('Acquire');
  await again.button('Log dock menu').click();
  await again.page.getByRole('menuitem', { name: 'Reset layout' }).click();
  await expect(again.tab('Log')).toBeVisible();
});
