import type { Bundle } from '../plugins/load-bundle.ts';
import { BUILT_IN_VIEWS } from './built-in-views.ts';
import { PRESENTER_IDS } from './presenters/presenter-ids.ts';

/** The app's own drivers and panels: the bundle `redsun`. */
export function builtInBundle(version: string, devices: Readonly<Record<string, unknown>>): Bundle {
  return {
    folder: '',
    manifest: {
      name: 'redsun',
      version,
      description: 'Drivers and panels of the app itself',
      sdk: '*',
      devices: Object.fromEntries(Object.keys(devices).map((id) => [id, id])),
      presenters: Object.fromEntries(PRESENTER_IDS.map((id) => [id, id])),
      writers: {},
      plans: {},
      views: Object.fromEntries(BUILT_IN_VIEWS.map(({ name }) => [name, name])),
      permissions: ['serial', 'files'],
    },
    codeHash: null,
    protects: true,
    part: (place) => devices[place],
  };
}
