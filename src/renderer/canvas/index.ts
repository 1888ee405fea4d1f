export { ContrastPanel } from './ContrastPanel.tsx';
export { autoLimits, type Histogram, histogramOf, type Pixels } from './histogram.ts';
export { ImageView, zoomLabel } from './ImageView.tsx';
export { ImageController } from './image-controller.ts';
export { LabelOverlay } from './LabelOverlay.tsx';
export { labelAt } from './label-colours.ts';
export { type ImageLayer, type LayerDisplay, valueAt } from './layer.ts';
export { usePacedChange } from './use-paced-change.ts';
export type { Point, Size, Viewport } from './viewport.ts';
