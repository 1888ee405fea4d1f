import { expect, test } from '../fixtures/app.ts';

test.use({ session: 'failing.yaml' });

test('a device that fails is shown with the reason and a retry, and the rest of the microscope works', async ({
  app: { window },
}) => {
  await window.ready();
  const card = window.page.getByRole('article', { name: 'board failed' });
  await expect(card).toContainText('Failed');
  await expect(card).toContainText('/dev/no-such-port');
  await card.getByRole('button', { name: /Retry/ }).click();
  await expect(card).toContainText('/dev/no-such-port');
  await window.snap();
});
