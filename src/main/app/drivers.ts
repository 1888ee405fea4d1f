import type { OpenLink } from 'redsun/sdk/device';
import { RedsunError } from 'redsun/sdk/util';

/** Device classes of the app itself, by their id in the bundle `redsun`. */
export const drivers: Readonly<Record<string, unknown>> = {};

export const openLink: OpenLink = async (options) => {
  throw new RedsunError('link/unsupported', `Cannot open ${options.path}`);
};
