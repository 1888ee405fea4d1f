import * as callbacks from 'redsun/sdk/callbacks';
import * as device from 'redsun/sdk/device';
import * as kit from 'redsun/sdk/device/kit';
import * as engine from 'redsun/sdk/engine';
import * as events from 'redsun/sdk/events';
import * as log from 'redsun/sdk/log';
import * as plans from 'redsun/sdk/plans';
import * as presenter from 'redsun/sdk/presenter';
import * as storage from 'redsun/sdk/storage';
import * as suspenders from 'redsun/sdk/suspenders';
import * as util from 'redsun/sdk/util';
import * as view from 'redsun/sdk/view';
import * as virtual from 'redsun/sdk/virtual';
import * as zod from 'zod';
import type { SHARED_MODULES } from './compile-bundle.ts';

/** The app's own copies of what bundles may import. */
export const sharedModules: Readonly<Record<(typeof SHARED_MODULES)[number], unknown>> = {
  'redsun/sdk/util': util,
  'redsun/sdk/log': log,
  'redsun/sdk/events': events,
  'redsun/sdk/device': device,
  'redsun/sdk/device/kit': kit,
  'redsun/sdk/virtual': virtual,
  'redsun/sdk/storage': storage,
  'redsun/sdk/presenter': presenter,
  'redsun/sdk/view': view,
  'redsun/sdk/engine': engine,
  'redsun/sdk/plans': plans,
  'redsun/sdk/suspenders': suspenders,
  'redsun/sdk/callbacks': callbacks,
  zod,
};
