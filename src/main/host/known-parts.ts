import type { Schema } from 'redsun/sdk/util';
import type { Bundle } from '../plugins/load-bundle.ts';
import type { KnownParts } from '../session/load-session.ts';

/** What a session file may name, from the bundles that were loaded. */
export function knownParts(bundles: ReadonlyMap<string, Bundle>): KnownParts {
  return {
    plugins: [...bundles.keys()],
    idsOf: (kind, plugin) => {
      const bundle = bundles.get(plugin);
      return bundle ? Object.keys(bundle.manifest[kind]) : null;
    },
    deviceOptions: (plugin, id) => {
      const bundle = bundles.get(plugin);
      const place = bundle?.manifest.devices[id];
      if (!bundle || place === undefined) return null;
      const part = bundle.part(place);
      const options = typeof part === 'function' && 'options' in part ? part.options : null;
      return isSchema(options) ? options : null;
    },
  };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && '~standard' in value;
}
