import { hasCode, type Schema } from 'redsun/sdk/util';
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
    optionsOf: (kind, plugin, id) => {
      const bundle = bundles.get(plugin);
      const place = bundle?.manifest[kind][id];
      if (!bundle || place === undefined) return null;
      const options = optionsOf(bundle, place);
      return isSchema(options) ? options : null;
    },
  };
}

/** A class that is not there has no options: the device fails when it is built, and the session goes on. */
function optionsOf(bundle: Bundle, place: string): unknown {
  try {
    const part = bundle.part(place);
    return typeof part === 'function' && 'options' in part ? part.options : null;
  } catch (error) {
    if (hasCode(error, 'plugin/no-export')) return null;
    throw error;
  }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && '~standard' in value;
}
