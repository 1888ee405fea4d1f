import { expect, test } from '../fixtures/app.ts';

test.use({ session: 'blocking.yaml' });

// GIVEN Live, WHEN a driver blocks the host for eight seconds, THEN STOP still puts the lights out and the window says so.
test('STOP puts the lights out while the host is blocked, and the window says what each device answered', async ({
  app: { window },
}) => {
  await window.ready();
  await window.chooseChannel('FITC');
  await window.button('Live').click();
  await expect(window.statusBar).toContainText('488 on');
  await window.page.getByRole('combobox', { name: 'blocker' }).selectOption('slow');
  await expect(window.page.getByText(/The host has not answered for/)).toBeVisible();
  await window.stop.click();
  const notice = window.page.getByRole('alertdialog', { name: /The host has not answered for/ });
  await expect(notice).toContainText('STOP was pressed');
  const laser = notice.getByRole('row', { name: /laser488/ });
  await expect(laser).toContainText('Dark, it answered "0"');
  await expect(laser.getByLabel('safe')).toBeVisible();
  await window.page.screenshot({ path: test.info().outputPath('blocked.png') });
  // The host comes back: it was stopped, its own devices say so, and the run of things goes on only after Re-arm.
  const stopped = window.page.getByRole('alertdialog', { name: /Stopped/ });
  await expect(stopped).toContainText('Lights off', { timeout: 20_000 });
  await expect(window.statusBar).toContainText('Lights off');
  await window.button('Re-arm').click();
  await expect(window.runState).toHaveText('Idle');
});

test('a host that is blocked loses its lights after two seconds by itself, and the window says why', async ({
  app: { window },
}) => {
  await window.ready();
  await window.button('Live').click();
  await expect(window.statusBar).toContainText('on');
  await window.page.getByRole('combobox', { name: 'blocker' }).selectOption('slow');
  const away = window.page.getByRole('alertdialog', { name: /The host has not answered for/ });
  await expect(away).toContainText('did not respond for 2 s');
  await expect(away.getByRole('row', { name: /lamp/ })).toContainText('Dark');
  const back = window.page.getByRole('alertdialog', { name: 'The guardian made everything safe' });
  await expect(back).toBeVisible({ timeout: 20_000 });
  await window.page.screenshot({ path: test.info().outputPath('back.png') });
  await expect(window.runState).toHaveText('Idle');
  await expect(window.statusBar).toContainText('Lights off');
  await back.getByRole('button', { name: 'Read' }).click();
  await expect(back).toBeHidden();
});

// GIVEN Live, WHEN the program is killed, THEN the next one says what its guardian did with the lights.
test('after a crash in Live the window says that the guardian has put the lights out', async ({ app }) => {
  await app.window.ready();
  await app.window.chooseChannel('FITC');
  await app.window.button('Live').click();
  await expect(app.window.statusBar).toContainText('488 on');
  const window = await app.crash();
  await window.ready();
  const notice = window.page.getByRole('alertdialog', { name: 'The guardian made everything safe' });
  await expect(notice).toContainText('the program that drives the microscope was gone');
  const laser = notice.getByRole('row', { name: /laser488/ });
  await expect(laser).toContainText('Dark, it answered "0"');
  await expect(laser.getByLabel('safe')).toBeVisible();
  await window.page.screenshot({ path: test.info().outputPath('after-crash.png') });
  await expect(window.statusBar).toContainText('Lights off');
  await notice.getByRole('button', { name: 'Read' }).click();
  await expect(notice).toBeHidden();
});
