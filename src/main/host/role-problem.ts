import { missingMembers, ROLES, roleOf } from 'redsun/sdk/device';
import { nearMissHint, shortened } from 'redsun/sdk/util';

/** Why a device is not what it says it is, in words; null: it is, or says nothing. */
export function roleProblem(device: unknown): string | null {
  if (typeof device !== 'object' || device === null || !('role' in device)) return null;
  const { role } = device;
  if (role === null || role === undefined || roleOf(device) !== null) return null;
  const known = ROLES.find((one) => one === role);
  if (known)
    return `it has the role "${known}" and lacks ${missingMembers(device, known).join(', ')}: it is used as none`;
  const name = shortened(String(role));
  return `its role "${name}" is none of ${ROLES.join(', ')}.${nearMissHint(name, ROLES)}`;
}
