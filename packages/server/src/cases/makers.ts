import type { Case, Docket, DocketStore } from '@avow/docket';
import type { CatalogueLists } from '@avow/stores/catalogue';
import type { Standing } from '@avow/stores/standing';
import type { Identity } from '../access/identity.ts';
import { makerOf } from '../claims/port.ts';

export interface MakerPorts {
  readonly docket: Docket;
  readonly store: DocketStore;
  readonly standing: Standing;
  readonly lists: CatalogueLists;
}

/** Makers that someone is of, or is staff for. */
export function makersOf(identity: Identity): readonly string[] {
  if (identity.kind === 'anonymous') return [];
  return [...new Set(identity.grants.flatMap(({ maker }) => (maker === undefined ? [] : [maker])))];
}

/** A case whose maker was told is in that maker's lists. */
export async function listForMaker(
  { standing, lists }: MakerPorts,
  { id, target }: Pick<Case, 'id' | 'target'>,
): Promise<void> {
  await standing.setMaker(id, (await makerOf(lists, target)) ?? null);
}

/** Releases and cases of one product that are looked at. */
const MOST = 1_000;

/** A product that is another maker's now takes its cases along. */
export async function listProductForMaker(ports: MakerPorts, product: number): Promise<void> {
  const everything = { viewer: { sees: 'all' }, limit: MOST } as const;
  const { rows } = await ports.lists.releases({ product }, everything);
  for (const target of new Set(rows.map((row) => row.target))) {
    for (const { subject } of await ports.store.list({ kind: 'case', target, limit: MOST })) {
      const found = await ports.docket.case(subject);
      if (found.notifiedAt !== undefined) await listForMaker(ports, found);
    }
  }
}
