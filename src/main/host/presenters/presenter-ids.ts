/** The app's own presenters, in the order in which they are built. */
export const PRESENTER_IDS = [
  'session',
  'log',
  'camera',
  'positioner',
  'light',
  'acquisition',
  'safety',
  'control',
  'storage',
  'review',
  'run-data',
] as const;
export type PresenterId = (typeof PRESENTER_IDS)[number];
