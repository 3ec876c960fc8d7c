import { utf8Bytes } from '@avow/bytes';
import type { Actor, Case } from '@avow/docket';
import type { DocketPorts } from '../claims/port.ts';

/**
 * Publishes a decided case: from here on it is public, and its claims end with
 * its verdict. The docket refuses while an embargo is in force.
 */
export async function publish(ports: DocketPorts, found: Case, actor: Actor): Promise<void> {
  const affected = await ports.docket.keep(utf8Bytes(JSON.stringify({ also: [] })));
  await ports.docket.act(found.id, 'publish', actor, { affected });
  await settle(ports, found);
}

/** What follows from a publication; done again, nothing changes. */
export async function settle(ports: DocketPorts, found: Case): Promise<void> {
  for (const id of found.claims) {
    const claim = await ports.docket.claim(id);
    if (claim.state === 'accepted') {
      const system: Actor = { name: 'avow', role: 'system' };
      await ports.docket.act(id, 'close', system, { verdict: found.proposal!.outcome });
    }
    await ports.standing.add(id, 'public');
  }
  await ports.standing.add(found.id, 'public');
}
