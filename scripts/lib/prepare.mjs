// Installs and builds when that is needed, says so on stderr, and is silent and quick when there is nothing to do.
// Runs on Node 20.19 and later with nothing installed: only Node's own modules here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');
const cache = join(root, '.cache');
const bin = join(root, 'node_modules', '.bin');

export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** The Node that everything runs on: the one from the lock file's `node` package. */
export function nodeBinary() {
  const own = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(own) ? own : process.execPath;
}

/** Environment in which installed tools find each other and the right Node first. */
export function toolEnvironment(extra = {}) {
  const nodeFolder = join(root, 'node_modules', 'node', 'bin');
  return { ...process.env, PATH: [nodeFolder, bin, process.env.PATH].join(delimiter), ...extra };
}

/** Runs a command; its output goes to stderr, so that stdout stays for answers. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', options.quiet ? 'pipe' : 2, options.quiet ? 'pipe' : 2],
    env: toolEnvironment(options.env),
    shell: process.platform === 'win32',
    encoding: 'utf8',
  });
  if (result.status === 0) return;
  if (options.quiet) say(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  throw new Error(
    `${command} ${args.join(' ')} failed${result.status === null ? `: ${result.error?.message ?? result.signal}` : ` with ${result.status}`}`,
  );
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Redsun needs Node 20.19 or later, this is ${process.versions.node}`);
}

/** Installs the locked packages unless they are there. */
export function install() {
  checkNode();
  const stamp = join(root, 'node_modules', '.redsun-lock');
  const wanted = hash([join(root, 'package-lock.json')]);
  if (read(stamp) === wanted) return;
  say('Installing packages (once, about a minute) ...');
  run('npm', ['ci', '--no-progress', '--loglevel=error'], { quiet: true });
  checkOwnNode();
  writeFileSync(stamp, wanted);
}

/** The `node` package brings its binary by an install of its own, outside the lock file: see that it worked. */
function checkOwnNode() {
  const result = spawnSync(nodeBinary(), ['--version'], { encoding: 'utf8' });
  const major = Number(/^v(\d+)/.exec(result.stdout ?? '')?.[1] ?? 0);
  if (major >= 22) return;
  throw new Error(
    `The packages need Node 22.12 or later and bring Node 24 along, but that is ${result.stdout?.trim() || 'missing'}. ` +
      'Allow the install script of the package "node" (npm rebuild node), or use Node 24 yourself.',
  );
}

/** Builds main, preload and page unless what is built is of these sources. */
export function build() {
  const stamp = join(root, 'out', '.sources');
  const wanted = hash([
    ...sources(join(root, 'src')),
    join(root, 'package-lock.json'),
    join(root, 'electron.vite.config.ts'),
  ]);
  if (read(stamp) === wanted) return;
  say('Building ...');
  run('electron-vite', ['build', '--logLevel', 'warn'], { quiet: true, env: { ELECTRON_MAJOR_VER: '22' } });
  writeFileSync(stamp, wanted);
}

export function cacheFolder(...parts) {
  mkdirSync(cache, { recursive: true });
  return join(cache, ...parts);
}

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (!/\.test\.tsx?$/.test(entry.name)) yield path;
  }
}

function hash(paths) {
  const sum = createHash('sha256');
  for (const path of [...paths].sort()) sum.update(path.slice(root.length)).update(readFileSync(path));
  return sum.digest('hex');
}

function read(path) {
  return existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : null;
}
