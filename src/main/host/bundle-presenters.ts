import type { PDevice } from 'redsun/sdk/device';
import { isLoggable } from 'redsun/sdk/log';
import { isPPresenter, type PPresenter } from 'redsun/sdk/presenter';
import { asError, RedsunError } from 'redsun/sdk/util';
import { isInjectable, isProvider, type VirtualContainer } from 'redsun/sdk/virtual';
import type { SessionFile } from '../../shared/config/session-schema.ts';
import type { Bundle } from '../plugins/load-bundle.ts';
import type { LoggerFor } from './logging.ts';

type PresenterClass = new (
  name: string,
  devices: ReadonlyMap<string, PDevice>,
  options: Record<string, unknown>,
) => unknown;

/** Presenters that the session takes from bundles, in its order. One that fails is logged and left out; the session goes on. */
export function buildBundlePresenters(
  wanted: NonNullable<SessionFile['presenters']>,
  bundles: ReadonlyMap<string, Bundle>,
  devices: ReadonlyMap<string, PDevice>,
  loggerFor: LoggerFor,
): PPresenter[] {
  return Object.entries(wanted).flatMap(([name, { plugin_name: plugin, plugin_id: id, ...options }]) => {
    const bundle = bundles.get(plugin);
    if (!bundle || plugin === 'redsun') return [];
    try {
      const part = bundle.part(bundle.manifest.presenters[id] ?? '');
      if (typeof part !== 'function') throw new RedsunError('plugin/no-class', `${plugin}:${id} is no class`);
      const presenter = new (part as PresenterClass)(name, devices, options);
      if (isPPresenter(presenter)) {
        if (isLoggable(presenter)) presenter.connectLog(loggerFor);
        return [presenter];
      }
      throw new RedsunError('presenter/protocol', `${plugin}:${id} is no presenter: it lacks name or devices`);
    } catch (thrown) {
      loggerFor(name).error(`Failed: ${asError(thrown).message}`);
      return [];
    }
  });
}

/** Lets presenters find each other: all provide first, then all take what they need. */
export function introducePresenters(
  presenters: readonly PPresenter[],
  container: VirtualContainer,
  loggerFor: LoggerFor,
): void {
  const attempt = (presenter: PPresenter, action: () => void) => {
    try {
      action();
    } catch (thrown) {
      loggerFor(presenter.name).error(`Failed: ${asError(thrown).message}`);
    }
  };
  for (const presenter of presenters) {
    if (isProvider(presenter)) attempt(presenter, () => presenter.registerProviders(container));
  }
  for (const presenter of presenters) {
    if (isInjectable(presenter)) attempt(presenter, () => presenter.injectDependencies(container));
  }
}
