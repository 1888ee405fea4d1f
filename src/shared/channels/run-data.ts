import type { RunData, RunDataUpdate } from 'redsun/sdk/callbacks';
import { defineChannel } from 'redsun/sdk/presenter';
import { z } from 'zod';
import { nothing } from './session.ts';

const numberCell = z.number().nullable();
const cell = z.union([z.number(), z.string(), z.boolean()]).nullable();
const range = z.tuple([z.number(), z.number()]);

const columnSchema = z.object({
  key: z.string(),
  unit: z.string().nullable(),
  precision: z.number().int().nullable(),
  type: z.enum(['number', 'integer', 'string', 'boolean']),
});

const rowSchema = z.object({ seqNum: z.number().int(), time: z.number(), values: z.array(cell) });

const tableSchema = z.object({
  stream: z.string(),
  columns: z.array(columnSchema),
  rows: z.array(rowSchema),
  firstRow: z.number().int(),
  rowLimit: z.number().int(),
});

const plotBase = { id: z.string(), stream: z.string(), x: columnSchema, y: columnSchema };
const numbers = z.array(numberCell);
const plotSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('line'), ...plotBase, stride: z.number(), points: z.tuple([numbers, numbers]) }),
  z.object({
    kind: z.literal('scatter'),
    ...plotBase,
    value: columnSchema,
    stride: z.number(),
    points: z.tuple([numbers, numbers, numbers]),
  }),
  z.object({
    kind: z.literal('grid'),
    ...plotBase,
    value: columnSchema,
    xEdges: range,
    yEdges: range,
    columns: z.number().int(),
    rows: z.number().int(),
    binning: range,
    cells: numbers,
  }),
]);

const baselineSchema = z.array(z.object({ column: columnSchema, before: cell, after: cell }));

const peaksSchema = z.array(
  z.object({
    plot: z.string(),
    x: columnSchema,
    y: columnSchema,
    com: numberCell,
    cen: numberCell,
    max: numbers,
    min: numbers,
    fwhm: numberCell,
  }),
);

const headingSchema = z.object({
  uid: z.string(),
  scanId: z.number().nullable(),
  planName: z.string(),
  /** Unix time, s. */
  time: z.number(),
});

const endSchema = z.object({
  exitStatus: z.enum(['success', 'abort', 'fail']),
  reason: z.string(),
  time: z.number(),
  numEvents: z.record(z.string(), z.number()),
});

const runDataSchema: z.ZodType<RunData> = z.object({
  run: headingSchema.nullable(),
  streams: z.array(z.string()),
  table: tableSchema.nullable(),
  plots: z.array(plotSchema),
  baseline: baselineSchema,
  peaks: peaksSchema,
  notes: z.array(z.string()),
  end: endSchema.nullable(),
});

const runDataUpdateSchema: z.ZodType<RunDataUpdate> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), run: headingSchema }),
  z.object({ kind: z.literal('stream'), name: z.string() }),
  z.object({ kind: z.literal('table'), table: tableSchema }),
  z.object({ kind: z.literal('rows'), from: z.number().int(), rows: z.array(rowSchema) }),
  z.object({ kind: z.literal('plot'), plot: plotSchema }),
  z.object({
    kind: z.literal('points'),
    plot: z.string(),
    from: z.number().int(),
    stride: z.number(),
    points: z.array(numbers),
  }),
  z.object({ kind: z.literal('cells'), plot: z.string(), places: z.array(z.number().int()), values: numbers }),
  z.object({ kind: z.literal('baseline'), rows: baselineSchema }),
  z.object({ kind: z.literal('peaks'), peaks: peaksSchema }),
  z.object({ kind: z.literal('note'), note: z.string() }),
  z.object({ kind: z.literal('end'), end: endSchema }),
]);

const versionSchema = z.number().int();

export const runDataChangedSchema = z.object({
  /** One more than that of the change before; a window that misses one asks for all. */
  version: versionSchema,
  updates: z.array(runDataUpdateSchema),
});
export type RunDataChanged = z.infer<typeof runDataChangedSchema>;

/** The newest run as table and plots. A window asks once for all of it and then hears only of what is new. */
export const runDataChannel = defineChannel({
  name: 'run-data',
  calls: {
    /** All that was announced up to `version`. */
    all: { request: nothing, response: z.object({ version: versionSchema, data: runDataSchema }), needs: 'observe' },
  },
  events: {
    /** At most ten times a second. */
    changed: { payload: runDataChangedSchema },
  },
  streams: {},
});
