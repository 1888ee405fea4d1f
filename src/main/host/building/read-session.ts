import { resolve } from 'node:path';
import { RedsunError } from 'redsun/sdk/util';
import { type Bundle, type ScannedBundle, scanBundles } from '../../plugins/load-bundle.ts';
import { type LoadedSession, loadSession } from '../../session/load-session.ts';
import { builtInBundle } from '../built-in-bundle.ts';
import { knownParts } from '../known-parts.ts';
import type { HostOptions } from './host-options.ts';

/** Bundles that could not be loaded. */
export type FailedBundle = Extract<ScannedBundle, { kind: 'failed' }>;

/** A session that was checked, with the bundles that its parts come from. */
export interface ReadSession {
  readonly session: LoadedSession;
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly failedBundles: readonly FailedBundle[];
}

/** Reads and checks a session without building it. */
export async function readSession(
  options: Pick<HostOptions, 'sessionPath' | 'bundleFolders' | 'version' | 'drivers'>,
): Promise<ReadSession> {
  const scanned = await scanBundles(options.bundleFolders);
  const bundles = new Map<string, Bundle>([['redsun', builtInBundle(options.version, options.drivers)]]);
  for (const found of scanned) {
    if (found.kind === 'loaded' && !bundles.has(found.bundle.manifest.name))
      bundles.set(found.bundle.manifest.name, found.bundle);
  }
  const failedBundles = scanned.filter((found) => found.kind === 'failed');
  try {
    return { session: await loadSession(resolve(options.sessionPath), knownParts(bundles)), bundles, failedBundles };
  } catch (error) {
    // A session that names a bundle which did not load: its fault is the reason, not the session's.
    const [broken] = failedBundles;
    if (broken && error instanceof RedsunError)
      throw new RedsunError(error.code, `${error.message}\n${broken.error.message}`, { cause: broken.error });
    throw error;
  }
}

/** The same session, of whose runs nothing is kept. */
export function withoutTrace(session: LoadedSession): LoadedSession {
  const { file } = session;
  return { ...session, file: { ...file, storage: { ...file.storage, writer: 'memory' } } };
}
