import type { ViewDescriptor } from '../../shared/channels/session.ts';

/** The app's own panels, built like anyone's: a description here, a component in the window, presenters' channels between. */
export const BUILT_IN_VIEWS: readonly ViewDescriptor[] = [
  view(
    'devices',
    'Devices',
    'microscope',
    'left',
    ['acquire'],
    ['session', 'camera', 'positioner', 'light', 'acquisition', 'safety'],
  ),
  view('live', 'Live', 'video', 'center', ['acquire'], ['camera', 'positioner', 'light', 'acquisition']),
  view('acquire', 'Acquire', 'layers', 'right', ['acquire'], ['acquisition', 'session', 'positioner', 'storage']),
  view('log', 'Log', 'terminal', 'bottom', ['acquire'], ['log']),
  view('data', 'Data', 'table-2', 'bottom', ['acquire'], ['run-data']),
  view('runs', 'Runs', 'database', 'left', ['review'], ['review']),
  view('viewer', 'Viewer', 'image', 'center', ['review'], ['review']),
  view('frame', 'Frame', 'info', 'right', ['review'], ['review']),
];

function view(
  name: string,
  title: string,
  icon: string,
  position: ViewDescriptor['position'],
  layouts: ViewDescriptor['layouts'],
  channels: string[],
): ViewDescriptor {
  return { name, title, icon, position, layouts, component: `redsun:${name}`, channels };
}
