import { expect, test } from '../fixtures/app.ts';

test('the live image goes on by itself and changes when the stage moves', async ({ app: { window } }) => {
  await window.ready();
  await window.chooseChannel('FITC');
  await window.button('Live').click();
  await window.nextFrame();
  await window.nextFrame();
  const before = await window.liveImage.screenshot();
  await window.type('X target', '120');
  await expect(window.output('X read back')).toHaveText(/^1(19|20)\.\d\d$/);
  await window.nextFrame();
  await window.nextFrame();
  const after = await window.liveImage.screenshot();
  expect(after.equals(before)).toBe(false);
  await window.button('Stop live').click();
  await expect(window.button('Live')).toBeVisible();
});

test('lights burn only while something is exposed, and say so', async ({ app: { window } }) => {
  await window.ready();
  await window.chooseChannel('FITC');
  const laser = window.page.getByRole('switch', { name: '488 nm' });
  await expect(laser).not.toBeChecked();
  await window.button('Live').click();
  await expect(laser).toBeChecked();
  await expect(window.statusBar).toContainText('488 on');
  await window.button('Stop live').click();
  await expect(laser).not.toBeChecked();
  await expect(window.statusBar).toContainText('Lights off');
});

test('contrast, zoom and the pixel read-out follow the hand', async ({ app: { window } }) => {
  await window.ready();
  await window.chooseChannel('FITC');
  await window.snap();
  await window.liveImage.hover();
  await expect(window.output('Pixel value')).toContainText(/x\s*\d+.*y\s*\d+.*px/);
  const zoom = window.output('Zoom');
  const fit = await zoom.textContent();
  await window.button('1 : 1').click();
  await expect(zoom).not.toHaveText(fit ?? '');
  await expect(zoom).toHaveText(/100/);
  await window.button('Auto once').click();
});

test('a picture says what it is, also when Live is over and after the page is loaded again', async ({
  app: { window },
}) => {
  await window.ready();
  const title = window.page.locator('.live-view .at-top-left');
  await window.button('Live').click();
  await expect(title).toContainText(/^Live /);
  await window.button('Stop live').click();
  await expect(title).toContainText(/^Last of Live .*\d\d:\d\d:\d\d$/);
  await window.page.reload();
  await expect(title).toContainText(/^Last of Live /);
  await window.snap();
  await expect(title).toContainText(/^Snap /);
  await window.plan({ channels: ['FITC', 'Cy5'], planes: { count: 2, stepUm: 1 } });
  await window.button('Run').click();
  await expect(title).toContainText('Last of mda_0001 position 1, time 1, plane 2 · FITC + Cy5');
});

test('a target outside the limits is refused in words, and the stage stays', async ({ app: { window } }) => {
  await window.ready();
  await window.type('Z target', '99999');
  await expect(window.page.getByText(/limit/i).first()).toBeVisible();
  await expect(window.output('Z read back')).toHaveText('0.00');
});

test('STOP ends Live, puts the lights out and refuses to move until it is re-armed', async ({ app: { window } }) => {
  await window.ready();
  await window.chooseChannel('FITC');
  await window.button('Live').click();
  await window.nextFrame();
  await window.stop.click();
  const notice = window.page.getByRole('alertdialog').or(window.page.getByRole('dialog'));
  await expect(notice).toContainText(/Stopped/);
  await expect(notice).toContainText('xy');
  await expect(window.statusBar).toContainText('Lights off');
  await window.button(/Re-arm/).click();
  await window.snap();
});

test('Esc stops as the button does', async ({ app: { window } }) => {
  await window.ready();
  await window.button('Live').click();
  await window.nextFrame();
  await window.page.keyboard.press('Escape');
  await expect(window.button(/Re-arm/)).toBeVisible();
  await expect(window.button('Live')).toBeVisible();
});
