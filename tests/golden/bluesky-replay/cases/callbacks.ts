import { LiveTable, PeakStats } from 'redsun/sdk/callbacks';
import { scan } from 'redsun/sdk/plans';
import type { Cases } from './cases.ts';

/** What listens to a run. */
export const CALLBACKS: Cases = {
  async live_table(h, { det, m1 }) {
    const lines: string[] = [];
    const table = new LiveTable(['m1', 'det'], { out: (line) => lines.push(line) });
    await h.run(scan([det], [{ axis: m1, start: 0, stop: 1 }], 3), (name, doc) => void table.onDocument(name, doc));
    h.extras.text = lines.map((line) =>
      line.replace(/\d\d:\d\d:\d\d\.\d/g, 'HH:MM:SS.s').replace(/\['[0-9a-f]{8}'\]/g, "['<uid8>']"),
    );
  },
  async peak_stats(h, { peak, m1 }) {
    const stats = new PeakStats('m1', 'peak');
    await h.run(scan([peak], [{ axis: m1, start: -3, stop: 5 }], 17), (name, doc) => void stats.onDocument(name, doc));
    const { com, cen, max, min, fwhm, crossings } = stats.stats ?? {};
    h.extras.stats = { com, cen, max, min, fwhm, crossings };
  },
};
