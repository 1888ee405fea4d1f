import { describe, expect, test } from 'vitest';
import { ImageCourse, intervalOf } from './image-course.ts';

const AXES = {
  x: { name: 'xy-x', toleranceUm: 0.5 },
  y: { name: 'xy-y', toleranceUm: 0.5 },
  z: { name: 'z', toleranceUm: 0.1 },
};
const frame = (t: number, time: number, asked: object = {}, read: object = {}, z = 0, c = 0) => ({
  index: { t, c, z },
  time,
  asked: { ...asked },
  read: { ...read },
});

describe('where an image is', () => {
  test('is where its first plane was taken, whichever frame comes first', () => {
    const course = new ImageCourse(AXES);
    course.note(frame(0, 2, { z: 9 }, { 'xy-x': 1, 'xy-y': 2, z: 9 }, 1));
    course.note(frame(0, 1, { z: 8 }, { 'xy-x': 1, 'xy-y': 2, z: 8 }, 0));
    expect(course.placeUm).toEqual({ xUm: 1, yUm: 2, zUm: 8 });
  });

  test('is where the axes were asked to be when they were there, and where they were when not', () => {
    const course = new ImageCourse(AXES);
    course.note(frame(0, 1, { 'xy-x': 100, 'xy-y': 50 }, { 'xy-x': 100.04, 'xy-y': 47 }));
    expect(course.placeUm).toEqual({ xUm: 100, yUm: 47, zUm: null });
  });

  test('is not known along an axis that was at several places', () => {
    const course = new ImageCourse(AXES);
    for (const [t, x] of [0, 50, 100].entries()) course.note(frame(t, t, {}, { 'xy-x': x, 'xy-y': 7 }));
    expect(course.placeUm).toEqual({ xUm: null, yUm: 7, zUm: null });
  });

  test('is not known before a frame has come', () => {
    expect(new ImageCourse(AXES).placeUm).toBeNull();
  });
});

describe('the interval', () => {
  test('is counted between the first frames of the first and the last time point', () => {
    const course = new ImageCourse(AXES);
    for (const [t, time] of [
      [1, 11.9],
      [0, 10.4],
      [0, 10],
      [3, 16],
      [3, 16.3],
    ] as const)
      course.note(frame(t, time));
    expect([course.intervalS, course.timePoints]).toEqual([2, 4]);
  });

  test.each([
    ['that was kept is the one of the schedule', 2, 2.001, 2],
    ['that was not kept is the one that happened', 0.2, 0.47, 0.47],
    ['of a run that goes as fast as it can is the one that happened', null, 0.031, 0.031],
    ['of one time point is that of the schedule', 60, null, 60],
    ['of no schedule and no time points is unknown', 0, null, null],
  ])('%s', (_what, asked, measured, interval) => {
    expect(intervalOf(asked, measured)).toBe(interval);
  });
});
