import { randomBytes } from 'node:crypto';
import type { Logger } from 'redsun/sdk/log';
import { asError } from 'redsun/sdk/util';
import { actInWords, type SafetyAct } from '../../../shared/guardian/safety-act.ts';
import type { GuardianClient, PageAddress } from '../../guardian/guardian-client.ts';
import { takeEarlierActs } from './earlier-acts.ts';

/** STOP works without it, as long as this program does. */
export async function openGuardianPage(
  guardian: GuardianClient,
  hostname: string,
  logger: Logger,
): Promise<PageAddress | null> {
  try {
    return await guardian.servePages(hostname, [], randomBytes(24).toString('base64url'));
  } catch (thrown) {
    logger.error(`Windows cannot reach the guardian: ${asError(thrown).message}`);
    return null;
  }
}

/** What happened after the end of an earlier session is said in this one. */
export async function tellEarlierActs(
  recordPath: string,
  logger: Logger,
  tellLast: (act: SafetyAct) => void,
): Promise<void> {
  try {
    const acts = await takeEarlierActs(recordPath);
    for (const act of acts) {
      const when = new Date(act.time * 1000).toISOString();
      const failed = act.devices.some(({ outcome }) => outcome === 'failed');
      logger[failed ? 'error' : 'warning'](`In an earlier session, at ${when}: ${actInWords(act)}`);
    }
    const last = acts.at(-1);
    if (last) tellLast(last);
  } catch (thrown) {
    logger.warning(`What the guardian did in earlier sessions cannot be read: ${asError(thrown).message}`);
  }
}
