import { pathToFileURL } from 'node:url';
import { PathInfo, type PathProvider, Writer, type WriterClass, type WriterContext } from 'redsun/sdk/storage';
import { RedsunError } from 'redsun/sdk/util';
import type { SessionComponent } from '../../../shared/config/session-schema.ts';
import type { Bundle } from '../../plugins/load-bundle.ts';
import type { RunFolder } from '../../storage/run/run-folder.ts';

/** Without a suffix: which one is right only the writer knows. */
const STORE_NAME = 'data';

/** Says where the frames of the present run go. */
export class RunPaths implements PathProvider {
  #folder: RunFolder | null = null;

  /** The next run. */
  readonly goTo = (folder: RunFolder): void => {
    this.#folder = folder;
  };

  pathInfo(deviceName?: string | null): PathInfo {
    if (!this.#folder) throw new RedsunError('store/no-target', 'There is no run that frames could belong to');
    return new PathInfo(`${pathToFileURL(this.#folder.path).href}/${STORE_NAME}`, deviceName || STORE_NAME);
  }
}

/** The writer that a session names. @throws RedsunError `plugin/...`, `store/protocol`; what its constructor throws. */
export function buildBundleWriter(
  { plugin_name: plugin, plugin_id: id }: SessionComponent,
  options: Record<string, unknown>,
  bundles: ReadonlyMap<string, Bundle>,
  context: WriterContext,
): Writer {
  const bundle = bundles.get(plugin);
  const part = bundle?.part(bundle.manifest.writers[id] ?? '');
  if (typeof part !== 'function') throw new RedsunError('plugin/no-class', `${plugin}:${id} is no class`);
  const writer: unknown = new (part as WriterClass)(id, options, context);
  // Bundles share the app's copy of the SDK, so that its base class is theirs.
  if (writer instanceof Writer) return writer;
  throw new RedsunError(
    'store/protocol',
    `${plugin}:${id} is no writer: it does not extend Writer of redsun/sdk/storage`,
  );
}
