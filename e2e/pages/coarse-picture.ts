import type { Locator } from '@playwright/test';

/** Of the page, what is used here. */
interface Drawing {
  imageSmoothingQuality: string;
  drawImage(canvas: unknown, x: number, y: number, width: number, height: number): void;
  getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
}
declare const OffscreenCanvas: new (width: number, height: number) => { getContext(kind: '2d'): Drawing | null };

/** Mean brightness, 0 to 255, of 16 x 16 parts of the canvas within `picture`: what is in it, without most of its noise. */
export function coarsePicture(picture: Locator): Promise<number[]> {
  return picture
    .locator('canvas')
    .first()
    .evaluate((canvas) => {
      const drawing = new OffscreenCanvas(16, 16).getContext('2d');
      if (!drawing) throw new Error('this browser draws nothing');
      drawing.imageSmoothingQuality = 'high';
      drawing.drawImage(canvas, 0, 0, 16, 16);
      const { data } = drawing.getImageData(0, 0, 16, 16);
      return Array.from({ length: 256 }, (_, at) => (data[4 * at]! + data[4 * at + 1]! + data[4 * at + 2]!) / 3);
    });
}

/** Mean difference of two of them. */
export function apart(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, at) => sum + Math.abs(value - other[at]!), 0) / one.length;
}
