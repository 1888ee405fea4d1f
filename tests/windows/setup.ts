import { spawnSync } from 'node:child_process';
import { builtCli } from '../cli/built-cli.ts';
import { provideWine } from './wine.ts';

/** What Wine keeps running stays between programs, s: starting it anew for each takes longer than most of them. */
const SERVER_STAYS_S = 120;

/** Once for all files: what they share is made before the first test, and nothing of it is left after the last. */
export default async function setup(): Promise<() => Promise<void>> {
  const [{ environment }] = await Promise.all([provideWine(), builtCli()]);
  // It goes on in the background, so it must not get a stream that somebody waits for.
  const server = (option: string) =>
    spawnSync('/usr/lib/wine/wineserver64', [option], { env: { ...process.env, ...environment }, stdio: 'ignore' });
  server(`-p${SERVER_STAYS_S}`);
  return async () => {
    server('-k');
  };
}
