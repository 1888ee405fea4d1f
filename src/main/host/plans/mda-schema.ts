import { MDA_GRID_MODES, type MdaSequence, WELL_PLATES } from 'redsun/sdk/plans';
import { z } from 'zod';

// The JSON of a useq-schema MDASequence, with the units, limits and defaults that forms and scripts are told.

const um = (description: string) => z.number().describe(description).meta({ units: 'um' });
const count = (description: string) => z.number().int().min(1).describe(description);

/** A union that says what is wrong with the variant that was meant, and where. */
function chosen<const Options extends readonly [z.ZodType, ...z.ZodType[]]>(
  options: Options,
  choose: (input: unknown) => z.ZodType | string,
) {
  return z.union(options, {
    error: ({ input }) => {
      const meant = choose(input);
      if (typeof meant === 'string') return `expected ${meant}, got ${JSON.stringify(input)}`;
      const issues = meant.safeParse(input).error?.issues ?? [];
      return issues.map(({ path, message }) => [placeOf(path), message].filter(Boolean).join(': ')).join('; ');
    },
  });
}

/** One of several objects: the one that has most of the names was meant. */
function oneOf<const Options extends readonly [z.ZodObject, ...z.ZodObject[]]>(what: string, options: Options) {
  return chosen(options, (input) => {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return what;
    const known = ({ shape }: z.ZodObject) => Object.keys(input).filter((name) => name in shape).length;
    const [meant] = [...options].sort((a, b) => known(b) - known(a));
    return meant && known(meant) > 0 ? meant : what;
  });
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at > 0 ? '.' : ''}${String(key)}`)).join('');
}

const goUp = z.boolean().optional().describe('False: from the last plane to the first');
const step = z.number().min(0).describe('Between planes; 0: the lowest alone').meta({ units: 'um' });

const zPlanSchema = oneOf('a z plan', [
  z.strictObject({ range: um('From the lowest plane to the highest').min(0), step, go_up: goUp }),
  z.strictObject({ above: um('Over the focus'), below: um('Under the focus'), step, go_up: goUp }),
  z.strictObject({ top: um('Highest plane'), bottom: um('Lowest plane'), step, go_up: goUp }),
  z.strictObject({ relative: z.array(um('From the focus')), go_up: goUp }),
  z.strictObject({ absolute: z.array(um('On the focus axis')), go_up: goUp }),
]);

const part = z.number().optional();
const durationSchema = z.union([
  z.number().min(0).describe('Seconds').meta({ units: 's' }),
  z.string().describe('0:01:30, or ISO 8601: PT1M30S'),
  z.strictObject({
    weeks: part,
    days: part,
    hours: part,
    minutes: part,
    seconds: part,
    milliseconds: part,
    microseconds: part,
  }),
]);
const interval = durationSchema.describe('Between starts; 0: as fast as possible');
const duration = durationSchema.describe('From the first start to the last');
const loops = count('How many time points');
const keepsDuration = z.boolean().optional().describe('A time point that is late by an interval is left out');

const phases = [
  z.strictObject({ interval, loops, prioritize_duration: keepsDuration }),
  z.strictObject({ duration, loops, prioritize_duration: keepsDuration }),
  z.strictObject({ interval, duration, prioritize_duration: keepsDuration }),
] as const;
const phaseSchema = oneOf('a time plan', phases);
const phaseListSchema = z.array(phaseSchema).describe('Phases, one after the other');
const onePlanSchema = oneOf('a time plan', [
  ...phases,
  z.strictObject({ phases: phaseListSchema, prioritize_duration: keepsDuration }),
]);
const timePlanSchema = chosen([onePlanSchema, phaseListSchema], (input) =>
  Array.isArray(input) ? phaseListSchema : onePlanSchema,
);

const fieldOfView = {
  fov_width: um("Of the field of view; absent: the camera's").positive().nullish(),
  fov_height: um("Of the field of view; absent: the camera's").positive().nullish(),
};
const percent = z.number().lt(100).describe('Of neighbouring tiles; negative: a gap').meta({ units: '%' });
const tiles = {
  ...fieldOfView,
  overlap: z.union([percent, z.tuple([percent, percent])]).optional(),
  mode: z.enum(MDA_GRID_MODES).optional().describe('Order of the tiles; default row_wise_snake'),
};
const relativeTo = z.enum(['center', 'top_left']).optional().describe('Where the position is in the grid');
const point = z.tuple([um('x'), um('y')]);

const relativePosition = z.strictObject({
  ...fieldOfView,
  x: um('From the position').optional(),
  y: um('From the position').optional(),
  z: um('From the position').optional(),
  name: z.string().nullish(),
  sequence: z.null().optional(),
  properties: z.null().optional(),
  plate_row: z.number().int().nullish(),
  plate_col: z.number().int().nullish(),
  grid_row: z.number().int().nullish(),
  grid_col: z.number().int().nullish(),
});
const relativePlans = [
  z.strictObject({ ...tiles, rows: count('Rows'), columns: count('Columns'), relative_to: relativeTo }),
  z.strictObject({
    ...tiles,
    width: um('At least').positive(),
    height: um('At least').positive(),
    relative_to: relativeTo,
  }),
  z.strictObject({
    ...fieldOfView,
    num_points: count('How many').max(100_000),
    max_width: um('Of the area').positive().optional(),
    max_height: um('Of the area').positive().optional(),
    shape: z.enum(['ellipse', 'rectangle']).optional(),
    random_seed: z
      .number()
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .nullish()
      .describe('The same points each time'),
    allow_overlap: z.boolean().optional().describe('False: no two fields of view overlap'),
    order: z.enum(['nearest_neighbor', 'two_opt', 'random']).nullish().describe('Null: as drawn; default two_opt'),
    start_at: z.union([z.number().int().min(0), relativePosition]).optional(),
    points: z.array(point).min(1).optional().describe('As they were drawn for an earlier run'),
  }),
  relativePosition,
] as const;
const relativePlanSchema = oneOf('points around a place', relativePlans);

const gridPlanSchema = oneOf('a grid plan', [
  z.strictObject({
    ...tiles,
    top: um('Greatest y'),
    left: um('Least x'),
    bottom: um('Least y'),
    right: um('Greatest x'),
  }),
  z.strictObject({
    ...tiles,
    vertices: z.array(point).min(3).describe('Corners of a polygon, in order'),
    convex_hull: z.boolean().nullish(),
    offset: um('Grows the polygon; negative: shrinks it').nullish(),
  }),
  ...relativePlans,
]);

const channelSchema = z.strictObject({
  config: z.string().describe('Name of a channel of the session'),
  group: z.string().optional(),
  exposure: z.number().positive().nullish().describe("Absent: the channel's own").meta({ units: 'ms' }),
  z_offset: um('Added to every plane').optional(),
  do_stack: z.boolean().optional().describe('False: the middle plane alone'),
  acquire_every: count('Only every n-th time point').optional(),
  camera: z.null('all cameras expose at each event; name cameras with "detectors"').optional(),
});

function isAcquisition(action: unknown): boolean {
  return typeof action === 'object' && action !== null && 'type' in action && action.type === 'acquire_image';
}

const axis = z.enum(['t', 'p', 'g', 'c', 'z']);
const plans = {
  axis_order: z
    .union([
      z.string().regex(/^(?!.*(.).*\1)[tpgcz]*$/i, 'expected letters of tpgcz, each at most once, outermost first'),
      z.array(axis),
    ])
    .optional()
    .describe('Outermost first; an axis that is not named is not acquired. Default tpgcz'),
  channels: z
    .array(chosen([z.string(), channelSchema], (input) => (typeof input === 'object' ? channelSchema : 'a channel')))
    .optional(),
  z_plan: zPlanSchema.nullish().describe('Planes at each point'),
  grid_plan: gridPlanSchema.nullish().describe('Tiles at each position, or over an area'),
  time_plan: timePlanSchema.nullish().describe('When to acquire'),
  autofocus_plan: z
    .strictObject({
      axes: z.array(axis).describe('Focuses whenever one of these moves on'),
      autofocus_device_name: z.string().nullish().describe("Absent: the session's"),
      autofocus_motor_offset: um('Distance to hold; absent: as it is').nullish(),
    })
    .nullish()
    .describe('Focusing by hardware'),
  setup: z
    .record(z.string(), z.unknown())
    .refine((setup) => !isAcquisition(setup.action), 'expected something else to do than to acquire an image')
    .nullish()
    .describe('Kept, not carried out'),
  metadata: z.record(z.string(), z.unknown()).optional(),
  uid: z.string().optional(),
};

const ownSequenceSchema = z.strictObject({
  ...plans,
  stage_positions: z.array(z.never()).max(0).optional().describe('None within a position'),
  keep_shutter_open_across: z.array(z.never()).max(0).optional().describe('For the whole sequence only'),
});

const positionSchema = z.strictObject({
  x: um('Absent: stays').nullish(),
  y: um('Absent: stays').nullish(),
  z: um('Absent: stays').nullish(),
  name: z.string().nullish().describe('Names the image'),
  sequence: ownSequenceSchema.nullish().describe('What is acquired here'),
  properties: z
    .array(z.tuple([z.string(), z.string(), z.unknown()]))
    .nullish()
    .describe('Device, property, value: set on arrival'),
  plate_row: z.number().int().nullish(),
  plate_col: z.number().int().nullish(),
  grid_row: z.number().int().nullish(),
  grid_col: z.number().int().nullish(),
});

const pair = (schema: z.ZodNumber) => z.union([schema, z.tuple([schema, schema])]);
const millimetres = (description: string) => pair(z.number().min(0).describe(description).meta({ units: 'mm' }));
const plateSchema = z.strictObject({
  plate: z.union([
    z.string().describe(`One of ${Object.keys(WELL_PLATES).join(', ')}`),
    z.number().describe('Number of wells'),
    z.strictObject({
      rows: count('Rows'),
      columns: count('Columns'),
      well_spacing: millimetres('From centre to centre'),
      well_size: millimetres('Diameter or edge'),
      circular_wells: z.boolean().optional(),
      name: z.string().optional(),
    }),
  ]),
  a1_center_xy: point.describe('Where the centre of well A1 is'),
  rotation: z
    .union([z.number(), z.string(), z.array(z.union([z.number(), z.array(z.number())]))])
    .nullish()
    .describe('Anti-clockwise')
    .meta({ units: 'deg' }),
  selected_wells: z
    .union([z.number().int(), z.array(z.union([z.number().int(), z.array(z.number().int())]))])
    .nullish()
    .describe('Rows, or rows and columns, from 0; absent: all wells'),
  well_points_plan: relativePlanSchema.optional().describe('Points in each well; absent: its centre'),
});

const placeSchema = z.array(z.number().nullable()).min(1).max(3).describe('x, y, z').meta({ units: 'um' });
const placesSchema = z.array(
  chosen([positionSchema, placeSchema], (input) => (Array.isArray(input) ? placeSchema : positionSchema)),
);

export const sequenceSchema = z.strictObject({
  ...plans,
  stage_positions: chosen([placesSchema, plateSchema.describe('Wells of a plate')], (input) =>
    Array.isArray(input) ? placesSchema : plateSchema,
  )
    .optional()
    .describe('Places of the stage, in order'),
  keep_shutter_open_across: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('Axes along which the light stays on'),
}) satisfies z.ZodType<MdaSequence>;
