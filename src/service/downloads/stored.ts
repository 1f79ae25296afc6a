// Bytes in the store, whether the service has put them there or adopted them.
import { Fault } from '../../faults.ts';
import type { NodeState } from '../../durable/space/port.ts';
import { readAdoptedKey } from '../../model/adopted.ts';
import type { Capability } from '../../model/node.ts';
import type { ForeignObjects } from '../../objects/foreign-port.ts';
import type { ByteRange, ObjectKey, StoreContainer } from '../../objects/port.ts';
import type { Services } from '../services.ts';

const SWIFT_CAPABILITY = 'ivo://vopipe/capabilities#swift-1.0';

export interface Place {
  readonly container: StoreContainer;
  /** In that container. */
  readonly key: ObjectKey;
  /** An object that the service has not made. */
  readonly foreign: boolean;
}

/** Throws OperationNotSupported where the store has only what the service has made. */
export function foreignOf({ foreign }: Pick<Services, 'foreign'>): ForeignObjects {
  if (!foreign)
    throw new Fault(
      'OperationNotSupported',
      'the embedded store has no containers but those of the service: only those of a Swift are adopted',
    );
  return foreign;
}

export async function readStored(
  services: Services,
  { container, key, foreign }: Place,
  range: ByteRange | undefined,
): Promise<ReadableStream<Uint8Array>> {
  return foreign ? foreignOf(services).get(container.name, key, range) : services.objects.get(container, key, range);
}

/**
 * An adopted object as it is at this moment: others may have changed it since it was adopted. `signable`: a temp URL opens it. Throws
 * TransferFailed when it is gone, or stands for other objects of the account.
 */
export async function lookAgain(
  services: Services,
  { container, key }: Place,
  node: NodeState,
  uri: string,
): Promise<{ node: NodeState; signable: boolean }> {
  const found = await foreignOf(services).head(container.name, key);
  if (!found) throw new Fault('TransferFailed', `${uri}: the object that it stands for is no longer in the store`);
  if (found.form === 'link') throw new Fault('TransferFailed', `${uri}: the object that it stands for leads to others`);
  const { size, md5, modified, form } = found;
  return { node: { ...node, size, md5, dataChanged: modified }, signable: form === 'bytes' && container.epoch > 0 };
}

/** Keys as the store has them, by the containers in which they lie: adopted objects that are to go lie in their own. */
export function byContainer(
  container: StoreContainer,
  keys: readonly string[],
): readonly { readonly container: StoreContainer; readonly keys: readonly ObjectKey[] }[] {
  const groups = Map.groupBy(keys, (key) => readAdoptedKey(key)?.container);
  return Array.from(groups, ([name, some]) => ({
    container: name === undefined ? container : { name, epoch: 0 },
    keys: some.map((key) => (readAdoptedKey(key)?.name ?? key) as ObjectKey),
  }));
}

/** Where an adopted object is in Swift's own interface. */
export async function swiftCapability(services: Services, adopted: ObjectKey): Promise<readonly Capability[]> {
  const { container, name } = readAdoptedKey(adopted) ?? {};
  if (container === undefined || name === undefined || !services.foreign) return [];
  return [{ uri: SWIFT_CAPABILITY, endpoint: await services.foreign.address(container, name as ObjectKey) }];
}
