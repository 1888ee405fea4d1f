import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from '../fixtures/two-windows.ts';

test('two browsers on one microscope: one drives, the other sees who, asks, gets the control, and each can STOP', async ({
  two: { first, second, leaveFirst },
}) => {
  await first.ready();
  await second.ready();
  await expect(first.page.getByText('1 other window')).toBeVisible();
  await first.snap();
  const control = second.page.getByRole('region', { name: 'Control of the microscope' });
  await expect(control).toContainText(/Looking on: \w+ on this computer has control/);
  await expect(second.button('Snap')).toBeDisabled();
  await expect(second.button('Snap')).toHaveAttribute('title', /has control$/);
  await expect(second.field('Z target')).not.toBeEditable();
  if (process.env.REDSUN_SHOTS)
    await second.page.screenshot({ path: join(process.env.REDSUN_SHOTS, 'looking-on.png') });

  await second.button('Ask for control').click();
  const request = first.page.getByRole('alertdialog', { name: /asks for control$/ });
  await expect(request).toContainText(/on this computer \(2\) asks for control of the microscope/);
  if (process.env.REDSUN_SHOTS) await first.page.screenshot({ path: join(process.env.REDSUN_SHOTS, 'asked.png') });
  await first.button('Keep control').click();
  await expect(request).toBeHidden();
  await expect(first.button('Snap')).toBeEnabled();

  await second.button('Ask for control').click();
  await expect(second.button('Take back')).toBeVisible();
  await first.button('Hand over').click();
  await expect(second.button('Snap')).toBeEnabled();
  await expect(first.button('Snap')).toBeDisabled();
  await second.type('Z target', '2');
  await expect(first.output('Z read back')).toHaveText('2.00');

  // Who looks on can stop; who has the control arms it again.
  await first.stop.click();
  await expect(first.button('Re-arm')).toBeDisabled();
  await second.button('Re-arm').click();
  await expect(first.page.getByRole('alertdialog', { name: /^Stopped/ })).toBeHidden();

  await second.button('Live').click();
  await expect(first.button('Stop live')).toBeDisabled();
  await second.button('Stop live').click();
  await leaveFirst();
  await expect(second.page.getByText('1 other window')).toBeHidden();
  await second.snap();
});

test('STOP is in sight in both windows, however narrow, while a run goes on and the control is asked for', async ({
  two: { first, second },
}) => {
  await first.ready();
  await second.ready();
  await first.plan({ channels: ['DAPI'], times: { count: 600, intervalS: 0.1 } });
  await first.button('Run').click();
  await expect(second.runPanel).toBeVisible();
  for (const asks of [false, true]) {
    if (asks) await second.button('Ask for control').click();
    for (const size of [
      { width: 1024, height: 700 },
      { width: 1400, height: 900 },
    ]) {
      for (const [name, { page, stop }] of Object.entries({ first, second })) {
        await page.setViewportSize(size);
        await expect(stop, `${name}, ${size.width} px`).toBeInViewport({ ratio: 1 });
        // Nothing to scroll to: what does not fit would push something out of sight.
        await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(size.width);
      }
    }
  }
  if (process.env.REDSUN_SHOTS) await second.page.screenshot({ path: join(process.env.REDSUN_SHOTS, 'run-asked.png') });
  await second.page.setViewportSize({ width: 1024, height: 700 });
  if (process.env.REDSUN_SHOTS) await second.page.screenshot({ path: join(process.env.REDSUN_SHOTS, 'run-1024.png') });
  await second.button('Take back').click();
  await second.stop.click();
  await expect(first.page.getByRole('alertdialog', { name: /^Stopped/ })).toBeVisible();
});
