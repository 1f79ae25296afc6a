// Negotiates many uploads at once: each Space reserves its share of the list in one call.
import { Fault } from '../../faults.ts';
import type { Asked, Refused } from '../../durable/space/uploads/parts-port.ts';
import type { Reserve } from '../../durable/space/port.ts';
import type { SpaceId } from '../../model/space-id.ts';
import { MAX_PART_URLS, UPLOAD_GRACE } from '../../model/limits.ts';
import { planParts, type StoreLimits } from '../../model/part-plan.ts';
import type { Principal } from '../../model/principal.ts';
import type { ItemDocument, ListItem, UploadDocument, UploadWish } from '../../model/uploads.ts';
import { formatVosUri, NULL, parsePath, parseVosUri, type NodePath } from '../../model/vos-uri.ts';
import type { ObjectKey, StoreContainer } from '../../objects/port.ts';
import { perSpace, refusedBy, refusedItem, type Asking } from '../batch.ts';
import { inParallel } from '../in-parallel.ts';
import { withName } from '../nodes/nodes.ts';
import type { Services } from '../services.ts';
import { allNumbers, partsOf, signUrls } from './urls.ts';
import { abandon, freshUpload, mayReplace, prepare, reserve, type ReserveOptions } from './upload.ts';

/** Items behind links that are followed at a time. */
const AT_ONCE = 8;

interface Plan {
  readonly path: NodePath;
  readonly length: number;
  readonly asked: Asked;
  readonly options: ReserveOptions;
  readonly fresh: Pick<Reserve, 'id' | 'key' | 'expires'>;
}

/** An upload that waits for bytes. */
interface Open {
  readonly kind: 'open';
  readonly path: NodePath;
  readonly space: SpaceId;
  readonly upload: string;
  readonly container: StoreContainer;
  readonly key: ObjectKey;
  readonly expires: number;
}

const NO_ANSWER: Refused = { kind: 'refused', fault: 'ServiceBusy', detail: 'no answer' };

type Result = Open | Refused | { readonly kind: 'link' };

export async function negotiateUploads(
  services: Services,
  principal: Principal,
  items: readonly ListItem<UploadWish>[],
): Promise<readonly ItemDocument<UploadDocument>[]> {
  const limits = await services.objects.limits();
  const plans = items.map((item): Plan | Refused =>
    'wish' in item ? tryPlan(services, item.name, item.wish, limits) : { kind: 'refused', ...item.refused },
  );
  const good = plans.filter((plan) => 'path' in plan);
  const asked = await perSpace(services, principal, 'create', good, (asking) => reserveAll(services, principal, asking));
  const results = new Map<Plan | Refused, Result>(good.map((plan, i) => [plan, asked[i] ?? { kind: 'link' }]));
  // As many parts of each as one answer has room for.
  const most = Math.max(1, Math.floor(MAX_PART_URLS / Math.max(1, good.filter((plan) => plan.asked.parts).length)));
  return inParallel(plans, AT_ONCE, async (plan, i) => {
    const name = items[i]?.name ?? '';
    if (!('path' in plan)) return refusedItem(name, plan);
    const first = results.get(plan);
    const result = first?.kind === 'link' ? await follow(services, principal, plan) : first;
    return result?.kind === 'open' ? describe(services, principal, plan, result, most) : refusedItem(name, result ?? NO_ANSWER);
  });
}

/** The path of a vos:// URI, or of a percent-encoded path. */
export function pathOf({ config }: Services, name: string): NodePath {
  if (!/^vos:/i.test(name)) return parsePath(name);
  const uri = parseVosUri(name);
  if (uri.authority !== config.authority) throw new Fault('InvalidURI', `${name} is not in ${config.authority}`);
  return uri.path;
}

function tryPlan(services: Services, name: string, wish: UploadWish, limits: StoreLimits): Plan | Refused {
  try {
    const path = pathOf(services, name);
    if (path.at(-1) === NULL) throw new Fault('InvalidArgument', `${name}: the bit bucket has no place for bytes to be sent to`);
    const { length, type, md5, match, noneMatch } = wish;
    if (wish.parts === false && length > limits.maxPut)
      throw new Fault('RequestEntityTooLarge', `${name}: the object store takes at most ${limits.maxPut} bytes in one PUT: ask for parts`);
    const divided = length > 0 && (wish.parts ?? length > limits.maxPut);
    const asked: Asked = {
      ...(divided && { parts: planParts(length, limits) }),
      ...(type !== undefined && { type }),
      ...(md5 !== undefined && { md5 }),
    };
    const condition = match || noneMatch ? { condition: { ...(match && { match }), ...(noneMatch && { noneMatch }) } } : {};
    const options: ReserveOptions = { signed: true, length, clears: false, asked, ...condition };
    return { path: withName(path), length, asked, options, fresh: freshUpload(services, options) };
  } catch (error) {
    return refusedBy(error);
  }
}

async function reserveAll(services: Services, principal: Principal, { space, port, items }: Asking<Plan>): Promise<readonly Result[]> {
  const reserved = await port.reserveEach(
    items.map(({ call, item }) => ({ call, request: { ...item.fresh, replaces: mayReplace(principal, item.path), ...item.options } })),
  );
  const made = reserved.find((one) => one.kind === 'reserved');
  const container = made?.prepared === false ? await prepareFor(services, { space, port, items }, made.container) : made?.container;
  return items.map(({ call, item }, i): Result => {
    const one = reserved[i];
    if (one?.kind === 'container') return refusedBy(new Fault('InvalidArgument', `${call.uri} is a container, which has no bytes`));
    if (one?.kind !== 'reserved' || !container) return one?.kind === 'refused' ? one : { kind: 'link' };
    const { id: upload, key, expires } = item.fresh;
    return { kind: 'open', path: item.path, space, upload, container, key, expires };
  });
}

async function prepareFor(services: Services, { space, items }: Asking<Plan>, container: StoreContainer): Promise<StoreContainer> {
  try {
    return await prepare(services, space, container);
  } catch (error) {
    for (const { item } of items) await abandon(services, space, item.fresh.id);
    throw error;
  }
}

/** An item with a link in its path goes its way alone. */
async function follow(services: Services, principal: Principal, plan: Plan): Promise<Open | Refused> {
  try {
    return { kind: 'open', ...(await reserve(services, plan.path, principal, plan.options)) };
  } catch (error) {
    return refusedBy(error);
  }
}

async function describe(
  services: Services,
  principal: Principal,
  { length, asked }: Plan,
  open: Open,
  most: number,
): Promise<UploadDocument> {
  const { space, upload, path, container, key, expires } = open;
  return {
    uri: formatVosUri({ authority: services.config.authority, path }),
    id: await services.tickets.write({ space, upload, user: principal.kind === 'user' ? principal.id : '' }),
    phase: 'PENDING',
    length,
    expires: new Date(expires + UPLOAD_GRACE).toISOString(),
    ...partsOf(asked),
    ...(await signUrls(services, { container, key, length, asked, expires }, allNumbers(asked), most)),
  };
}
