import { contextBridge, ipcRenderer } from 'electron';

// The port comes from the main process and is handed on to the page, which alone can talk through it.
ipcRenderer.on('redsun:port', (event) => {
  window.postMessage('redsun:port', window.location.origin, [...event.ports]);
});

contextBridge.exposeInMainWorld('redsun', {
  /** Asks for a port; it arrives as a `message` event with the data `redsun:port`. */
  requestPort: () => ipcRenderer.send('redsun:connect'),
});
