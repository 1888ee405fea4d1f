import { resolve } from 'node:path';
import { app, dialog, session } from 'electron';
import { asError } from 'redsun/sdk/util';
import { createDrivers } from './app/drivers.ts';
import { guardAgainstFaults } from './app/fault-guard.ts';
import { bundleFolders, placesIn, stateFolder } from './app/places.ts';
import { version } from './app/version.ts';
import { registerPageScheme, servePage } from './electron/page-protocol.ts';
import { connectPages, createWindow, denyPermissions } from './electron/window.ts';
import { startHost } from './host/start-host.ts';

// The Electron shell: one window around the host. `redsun [SESSION]`, options by environment as in the terminal.

registerPageScheme();

async function main(): Promise<void> {
  const places = placesIn(resolve(app.getAppPath()));
  const report = (error: unknown) => process.stderr.write(`${asError(error).message}\n`);
  const guard = guardAgainstFaults((message) => void process.stderr.write(`${message}\n`));
  const host = await startHost({
    sessionPath: process.env.REDSUN_SESSION ?? places.defaultSession,
    bundleFolders: bundleFolders(places.appFolder, process.env),
    appFolder: places.appFolder,
    writerWorkerPath: places.writerWorkerPath,
    recoveryWorkerPath: places.recoveryWorkerPath,
    stateFolder: stateFolder(process.env),
    // Who sits at this computer may open what its files let them.
    openFolders: 'anywhere',
    version,
    ...createDrivers(),
    ...(process.env.REDSUN_OUT ? { baseFolder: process.env.REDSUN_OUT } : {}),
  });
  guard.attach(host);
  await app.whenReady();
  denyPermissions(session.defaultSession);
  servePage(places.pageFolder);
  connectPages(host.server, report);
  const open = () => {
    const window = createWindow(places.preloadPath);
    window.webContents.on('render-process-gone', () => {
      // A run goes on without its window; without one no light may burn that nobody sees.
      if (host.services.engine.state === 'idle') void host.services.optics.allOff();
      window.close();
      open();
    });
  };
  open();
  let closing: 'no' | 'yes' | 'done' = 'no';
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    if (closing === 'done') return;
    event.preventDefault();
    if (closing === 'yes') return;
    closing = 'yes';
    host
      .close()
      .catch(report)
      .finally(() => {
        closing = 'done';
        app.quit();
      });
  });
}

main().catch((error: unknown) => {
  const message = asError(error).message;
  process.stderr.write(`${message}\n`);
  if (process.env.REDSUN_QUIET !== '1') dialog.showErrorBox('Redsun cannot open this session', message);
  app.exit(2);
});
