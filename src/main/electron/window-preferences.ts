import type { WebPreferences } from 'electron';

/** How every window of the app is made; a test asserts that it is sandboxed. */
export function windowPreferences(preloadPath: string): WebPreferences {
  return {
    preload: preloadPath,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    // A live image goes on when another window covers half of it.
    backgroundThrottling: false,
  };
}
