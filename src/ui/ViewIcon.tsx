import {
  Activity,
  Camera,
  ChartLine,
  Contrast,
  Database,
  FolderOpen,
  Image,
  Info,
  Layers,
  ListOrdered,
  ListPlus,
  type LucideIcon,
  MapPin,
  Microscope,
  Puzzle,
  SlidersHorizontal,
  Table2,
  Terminal,
  Timer,
  Video,
} from 'lucide-react';
import type { JSX } from 'react';

/** The icons that a view may ask for by their lucide name; all of lucide would be a megabyte. */
const ICONS: Readonly<Record<string, LucideIcon>> = {
  activity: Activity,
  camera: Camera,
  'chart-line': ChartLine,
  contrast: Contrast,
  database: Database,
  'folder-open': FolderOpen,
  image: Image,
  info: Info,
  layers: Layers,
  'list-ordered': ListOrdered,
  'list-plus': ListPlus,
  'map-pin': MapPin,
  microscope: Microscope,
  'sliders-horizontal': SlidersHorizontal,
  'table-2': Table2,
  terminal: Terminal,
  timer: Timer,
  video: Video,
};

export function ViewIcon({ name, size = 14 }: { readonly name: string; readonly size?: number }): JSX.Element {
  const Icon = ICONS[name] ?? Puzzle;
  return <Icon size={size} aria-hidden />;
}
