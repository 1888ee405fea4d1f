import {
  BrowserWindow,
  type IpcMainEvent,
  ipcMain,
  MessageChannelMain,
  type MessagePortMain,
  type Session,
} from 'electron';
import { PAGE_ORIGIN } from './page-protocol.ts';
import { windowPreferences } from './window-preferences.ts';

export function createWindow(preloadPath: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Redsun',
    backgroundColor: '#0c0e11',
    autoHideMenuBar: true,
    webPreferences: windowPreferences(preloadPath),
  });
  window.once('ready-to-show', () => window.show());
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event, url) => {
    if (!url.startsWith(`${PAGE_ORIGIN}/`)) event.preventDefault();
  });
  window.webContents.on('will-attach-webview', (event) => event.preventDefault());
  void window.loadURL(`${PAGE_ORIGIN}/index.html`);
  return window;
}

/** The microscope needs no camera of the PC, no location, no notifications of the system. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
}

/** Hands a fresh message port to a page of ours that asks for one. */
export function connectPages(handOver: (port: MessagePortMain) => void, onFault: (error: unknown) => void): void {
  ipcMain.on('redsun:connect', (event: IpcMainEvent) => {
    const url = event.senderFrame?.url ?? '';
    if (!url.startsWith(`${PAGE_ORIGIN}/`)) {
      onFault(new Error(`A page of ${url} asked for the microscope and was refused`));
      return;
    }
    const { port1, port2 } = new MessageChannelMain();
    handOver(port1);
    event.senderFrame?.postMessage('redsun:port', null, [port2]);
  });
}
