import type { ComponentType } from 'react';
import { AcquireView } from '../views/acquire/AcquireView.tsx';
import { RunDataView } from '../views/data/RunDataView.tsx';
import { DevicesView } from '../views/devices/DevicesView.tsx';
import { FrameView } from '../views/frame/FrameView.tsx';
import { LiveView } from '../views/live/LiveView.tsx';
import { LogView } from '../views/log/LogView.tsx';
import { RunsView } from '../views/runs/RunsView.tsx';
import { ViewerView } from '../views/viewer/ViewerView.tsx';

/** The app's own components, by the name that a view's descriptor gives. */
const BUILT_IN: Readonly<Record<string, ComponentType>> = {
  'redsun:acquire': AcquireView,
  'redsun:data': RunDataView,
  'redsun:devices': DevicesView,
  'redsun:frame': FrameView,
  'redsun:live': LiveView,
  'redsun:log': LogView,
  'redsun:runs': RunsView,
  'redsun:viewer': ViewerView,
};

export function componentOf(name: string): ComponentType | null {
  return Object.hasOwn(BUILT_IN, name) ? (BUILT_IN[name] ?? null) : null;
}
