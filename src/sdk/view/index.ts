export { isPView, type PView, parseViewPosition, View, ViewPosition } from './view.ts';
