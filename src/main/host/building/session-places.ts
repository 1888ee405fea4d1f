import { dirname, resolve } from 'node:path';
import type { ViewDescriptor } from '../../../shared/channels/session.ts';
import type { SessionFile } from '../../../shared/config/session-schema.ts';
import type { LoadedSession } from '../../session/load-session.ts';
import type { AllowedFolders } from '../../storage/target/roots.ts';
import { BUILT_IN_VIEWS } from '../built-in-views.ts';
import { resolveHome } from '../resolve-home.ts';

/** Views that a window of the session opens. */
export function viewsOf(file: SessionFile): ViewDescriptor[] {
  if (!file.views) return [...BUILT_IN_VIEWS];
  const wanted = Object.values(file.views).map(({ plugin_id: id }) => id);
  return BUILT_IN_VIEWS.filter(({ name }) => wanted.includes(name));
}

/** Folders whose stores a window may look into; those of the session are relative to its file. */
export function allowedFolders(
  open: AllowedFolders,
  baseFolder: string,
  { file, path }: LoadedSession,
): AllowedFolders {
  if (open === 'anywhere') return open;
  const named = file.review.folders.map((folder) =>
    folder.startsWith('~') ? resolveHome(folder) : resolve(dirname(path), folder),
  );
  return [baseFolder, ...named, ...open];
}
