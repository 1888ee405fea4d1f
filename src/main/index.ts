import { resolve } from 'node:path';
import { app, dialog, session } from 'electron';
import { asError } from 'redsun/sdk/util';
import { refuseInspectorSignal } from './app/no-inspector.ts';
import { placesIn } from './app/places.ts';
import { type HostChild, startHostChild } from './electron/host-child.ts';
import { registerPageScheme, servePage } from './electron/page-protocol.ts';
import { connectPages, createWindow, denyPermissions } from './electron/window.ts';

// The Electron shell: one window, and the host in a process beside it. `redsun [SESSION]`, options by environment as in the terminal.

refuseInspectorSignal();
registerPageScheme();

async function main(): Promise<void> {
  const places = placesIn(resolve(app.getAppPath()));
  const complain = (message: string) => void process.stderr.write(`${message}\n`);
  const call = {
    appFolder: places.appFolder,
    sessionPath: process.env.REDSUN_SESSION ?? null,
    baseFolder: process.env.REDSUN_OUT || null,
  };
  await app.whenReady();
  // A host that has ended is started anew when the window asks for the microscope again: the operator sees what happened in it.
  let host: Promise<HostChild> | null = null;
  const start = () => {
    host = startHostChild(places.hostProcessPath, call, (code) => {
      complain(`The host has ended with code ${code}`);
      host = null;
    });
    host.catch(() => {
      host = null;
    });
    return host;
  };
  await start();
  denyPermissions(session.defaultSession);
  servePage(places.pageFolder);
  connectPages(
    (port) => {
      (host ?? start()).then(
        (child) => child.connect(port),
        (error: unknown) => {
          complain(asError(error).message);
          port.close();
        },
      );
    },
    (error) => complain(asError(error).message),
  );
  const open = () => {
    const window = createWindow(places.preloadPath);
    window.webContents.on('render-process-gone', () => {
      // A run goes on without its window; without one no light may burn that nobody sees.
      host?.then((child) => child.pageGone()).catch(() => {});
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
    Promise.resolve(host)
      .then((child) => child?.close() ?? null)
      .then(
        (warning) => {
          if (warning === null) return;
          complain(warning);
          if (process.env.REDSUN_QUIET !== '1') dialog.showErrorBox('Look at the microscope', warning);
        },
        (error: unknown) => complain(asError(error).message),
      )
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
