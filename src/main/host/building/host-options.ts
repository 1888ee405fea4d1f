import type { OpenLink } from 'redsun/sdk/device';
import type { Clock } from 'redsun/sdk/util';
import type { GuardianClient } from '../../guardian/guardian-client.ts';
import type { AllowedFolders } from '../../storage/target/roots.ts';

/** What a session is opened with. */
export interface HostOptions {
  /** Session file. */
  readonly sessionPath: string;
  /** Folders whose subfolders are bundles. */
  readonly bundleFolders: readonly string[];
  /** The app's own folder: SDK sources for bundles' worker threads. */
  readonly appFolder: string;
  /** Module of the writer's threads. */
  readonly writerWorkerPath: string;
  /** Module of the thread that makes interrupted runs whole. */
  readonly recoveryWorkerPath: string;
  /** Module of the thread that makes pictures for screens. */
  readonly pictureWorkerPath: string;
  readonly version: string;
  /** Whose limits count for names and paths of files; default: this computer's. */
  readonly platform?: NodeJS.Platform;
  /** Whatever the session says, nothing of a run is written to the disk. */
  readonly isDryRun?: boolean;
  /** Runs go below it instead of where the session says. */
  readonly baseFolder?: string;
  /**
   * Stores that may be opened beside those of runs and those in folders that the session names; `anywhere` for a window on this
   * computer. Default: none.
   */
  readonly openFolders?: AllowedFolders;
  /** Where this computer remembers where disks are mounted. Absent: nowhere. */
  readonly stateFolder?: string;
  /** The app's own device classes, by their id in the bundle `redsun`. */
  readonly drivers: Readonly<Record<string, unknown>>;
  /** Starts what owns the ports and makes everything safe when this program cannot. Ended with the host. */
  readonly startGuardian: () => GuardianClient;
  /** Opens ports for drivers instead of the guardian; for tests. */
  readonly openLink?: OpenLink;
  readonly clock?: Clock;
  /** Where windows reach the guardian without this program: the interface on which it listens. Absent: there are no windows. */
  readonly guardianHostname?: string;
}
