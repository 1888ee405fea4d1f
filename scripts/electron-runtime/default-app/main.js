// What `electron [-r MODULE]... APP [ARGS]` of the npm package does: loads modules, then the app that is named.
const { app } = require('electron');
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const { join, resolve } = require('node:path');

const required = [];
let wanted = null;
const words = process.argv.slice(1);
for (let at = 0; at < words.length && wanted === null; at++) {
  if (words[at] === '-r' || words[at] === '--require') required.push(words[++at]);
  else if (!words[at].startsWith('-')) wanted = words[at];
}
process.defaultApp = true;
if (wanted === null) {
  process.stderr.write('usage: electron APP\n');
  process.exit(2);
}
if (required.length > 0) Module._preloadModules(required);

let main = resolve(wanted);
const manifestPath = join(main, 'package.json');
if (existsSync(manifestPath)) {
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
  const name = manifest.productName ?? manifest.name ?? 'Electron';
  app.setName(name);
  app.setVersion(manifest.version ?? '0.0.0');
  app.setAppPath(main);
  if (!app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', join(app.getPath('appData'), name));
  main = join(main, manifest.main ?? 'index.js');
}
Module._load(main, null, true);
