import type { MdaWellPlate } from './plate-plan.ts';

/** The plates that are known by name; sizes are those of useq-schema 0.9.2 (see NOTICE). */
export const WELL_PLATES: Readonly<Record<string, MdaWellPlate>> = {
  '6-well': plate(2, 3, 39.12, 34.8, true, '6-well'),
  '12-well': plate(3, 4, 26, 22, true, '12-well'),
  '24-well': plate(4, 6, 19, 15.6, true, '24-well'),
  '48-well': plate(6, 8, 13, 11.1, true, '48-well'),
  '96-well': plate(8, 12, 9, 6.4, true, '96-well'),
  '384-well': plate(16, 24, 4.5, 3.4, false, '384-well'),
  '1536-well': plate(32, 48, 2.25, 1.7, false, '1536-well'),
  'coverslip-18mm-square': plate(1, 1, 0, 18, false, '18mm coverslip'),
  'coverslip-22mm-square': plate(1, 1, 0, 22, false, '22mm coverslip'),
};

function plate(
  rows: number,
  columns: number,
  spacingMm: number,
  sizeMm: number,
  circular: boolean,
  name: string,
): MdaWellPlate {
  return { rows, columns, well_spacing: spacingMm, well_size: sizeMm, circular_wells: circular, name };
}
