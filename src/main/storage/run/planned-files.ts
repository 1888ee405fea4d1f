import type { ImagePlan, LevelPlan } from '../layout/image-plan.ts';
import { type PlannedFrames, planStore } from '../layout/needed-room.ts';
import { WRITTEN_ARRAY } from '../layout/written-mask.ts';
import { LINKS_FILE } from './linked-folder.ts';
import { RUN_FILES } from './run-folder.ts';
import { RESERVE_FILE } from './run-reserve.ts';

/** Where nobody knows how many time points come. */
const MANY_TIME_POINTS = 1_000_000;
/** Files are replaced through one of this name, shards by a link through one of that name. */
const [TEMPORARY, LINK] = ['.tmp', '.link'];
/** Made to find out whether links can be. */
const LINK_TRIAL = `.redsun-link-${'0'.repeat(8)}`;

/** Files of every run, below its folder, as long as their names get. */
export const RUN_FOLDER_FILES: readonly string[] = [
  RUN_FILES.documents,
  RUN_FILES.session,
  RUN_FILES.counts,
  `${RUN_FILES.journal}${TEMPORARY}`,
  `${LINKS_FILE}${TEMPORARY}`,
  RESERVE_FILE,
  LINK_TRIAL,
];

/**
 * Files of the store of a run, below its folder, with `/`: of each image those with the longest paths, temporary names included.
 * @throws RedsunError `store/shape`, `store/layout` as the writer does.
 */
export function plannedFiles(planned: PlannedFrames): string[] {
  const { store } = RUN_FILES;
  const images = planStore(planned).flatMap((plan) => plan.images.map((image) => ({ image, of: plan.images.length })));
  return [
    `${store}/OME/zarr.json${TEMPORARY}`,
    ...images.flatMap(({ image, of }) => {
      const group = image.groupPath === '' ? store : `${store}/${image.groupPath}`;
      const shards = image.levels.map(
        (level) => `${store}/${lastShardOf(image, level, timePointsOf(image, of, planned))}`,
      );
      const arrays = image.levels.map(({ arrayPath }) => `${store}/${arrayPath}/zarr.json${TEMPORARY}`);
      const mask = [`c/0/0/0${TEMPORARY}`, `zarr.json${TEMPORARY}`].map((file) => `${group}/${WRITTEN_ARRAY}/${file}`);
      return [...shards.map((path) => `${path}${LINK}`), ...arrays, ...mask];
    }),
  ];
}

function timePointsOf({ sizes }: ImagePlan, images: number, { frames }: PlannedFrames): number {
  if (sizes.t !== null) return sizes.t;
  return frames === null ? MANY_TIME_POINTS : Math.ceil(frames / (images * sizes.c * sizes.z));
}

/** That with the largest number along each axis. */
function lastShardOf({ sizes }: ImagePlan, { arrayPath, shard }: LevelPlan, timePoints: number): string {
  const last = (length: number, extent: number) => Math.max(0, Math.ceil(length / extent) - 1);
  return `${arrayPath}/c/${last(timePoints, shard.t)}/${last(sizes.c, shard.c)}/${last(sizes.z, shard.z)}/0/0`;
}
