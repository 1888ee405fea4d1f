export { Button, type ButtonProps, IconButton, type IconButtonProps } from './Button.tsx';
export { FailedDeviceCard, type FailedDeviceCardProps } from './FailedDeviceCard.tsx';
export {
  bytesAs,
  durationRangeAs,
  formatBytes,
  formatClock,
  formatDate,
  formatDuration,
  formatMaybe,
  formatMoment,
  formatNumber,
  formatShort,
  formatSpan,
  type Quantity,
} from './format.ts';
export { NumberField, type NumberFieldProps } from './NumberField.tsx';
export { type ParsedQuantity, parseQuantity } from './parse-quantity.ts';
export { Bar, EmptyState, Labelled, LockStrip, Notice, Pill, Section, type Tone } from './pieces.tsx';
export { Segmented, type SegmentedOption, type SegmentedProps } from './Segmented.tsx';
export { Select, type SelectOption, type SelectProps } from './Select.tsx';
export { Slider, type SliderProps } from './Slider.tsx';
export { Swatch, tint } from './Swatch.tsx';
export { TextField, type TextFieldProps } from './TextField.tsx';
export { type TickTab, TickTabs, type TickTabsProps } from './TickTabs.tsx';
export { type Toast, type ToastKind, Toasts } from './Toasts.tsx';
export { TickBox, type TickBoxProps, Toggle, type ToggleProps } from './Toggle.tsx';
export { ViewIcon } from './ViewIcon.tsx';
