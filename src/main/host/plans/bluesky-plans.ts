import { addAdaptiveScans } from './adaptive-scans.ts';
import { countPlan } from './count-plan.ts';
import { flyPlan } from './fly-plan.ts';
import { addGridScans } from './grid-scans.ts';
import { addLineScans } from './line-scans.ts';
import { addListScans } from './list-scans.ts';
import type { PlanRegistry } from './plan-registry.ts';
import { scanNdPlan } from './scan-nd-plan.ts';
import { addSpiralScans } from './spiral-plans.ts';
import { addStubPlans } from './stub-plans.ts';

/** Older names that bluesky still has, and what they are called today. */
const OLDER_NAMES = {
  relative_scan: 'rel_scan',
  relative_list_scan: 'rel_list_scan',
  relative_log_scan: 'rel_log_scan',
  relative_adaptive_scan: 'rel_adaptive_scan',
  outer_product_scan: 'grid_scan',
  relative_outer_product_scan: 'rel_grid_scan',
  relative_spiral: 'rel_spiral',
  relative_spiral_fermat: 'rel_spiral_fermat',
} as const;

/**
 * The plans of bluesky by their names and parameters there. `ramp_plan` takes other plans as functions, and `tweak` asks somebody after
 * each step: neither can be an item.
 */
export function addBlueskyPlans(plans: PlanRegistry): void {
  plans.add(countPlan);
  addLineScans(plans);
  addListScans(plans);
  addGridScans(plans);
  plans.add(scanNdPlan);
  addSpiralScans(plans);
  addAdaptiveScans(plans);
  plans.add(flyPlan);
  addStubPlans(plans);
  for (const [older, name] of Object.entries(OLDER_NAMES)) plans.addAlias(older, name);
}
