// A pipe as Spaces see it: what it has pinned under which holder, and what it says when it is asked.
import type { Pin, Placed, Placing } from '../../../src/durable/space/pipes/port.ts';
import type { PipePort } from '../../../src/durable/pipe/port.ts';
import type { PipeId } from '../../../src/model/pipe.ts';
import type { Principal } from '../../../src/model/principal.ts';
import type { SpaceId } from '../../../src/model/space-id.ts';
import type { ObjectKey } from '../../../src/objects/port.ts';
import { Fault } from '../../../src/faults.ts';
import { asked, testClock } from './ports.ts';
import { HOUR, OWNER, refused, type TestSpace } from './space.ts';

export type Held = Extract<Pin, { readonly kind: 'pinned' }> & { readonly space: TestSpace; readonly holder: string };

export class FakePipe {
  readonly id = `p${crypto.randomUUID().replaceAll('-', '')}` as PipeId;
  /** Keys that it has taken, by holder. */
  readonly taken = new Map<string, Set<string>>();
  /** Holders that it was asked about. */
  readonly asked: string[] = [];
  readonly #entered = new Set<string>();
  /** Calls by which it was. */
  calls = 0;
  /** It was never made. */
  absent = false;
  /** Nobody answers. */
  silent = false;

  constructor() {
    this.answer();
  }

  /** Every Space that asks a pipe asks this one from here on. */
  answer(): void {
    const askHolders: PipePort['askHolders'] = async (questions) => {
      if (this.silent) throw new Error('nobody answers');
      if (this.absent) throw new Fault('PipeNotFound', 'there is no such pipe');
      this.calls++;
      this.asked.push(...questions.map(({ holder }) => holder));
      return questions.map(({ holder, keys }) => keys.filter((key) => this.taken.get(holder)?.has(key)));
    };
    asked.pipe = { askHolders } as unknown as PipePort;
  }

  /** Only what is noted gets its chunks. A Space notes one destination of a pipe. */
  async enter(space: TestSpace, container: string): Promise<void> {
    const name = `${space.id}/${container}`;
    if (this.#entered.has(name)) return;
    this.#entered.add(name);
    await refused(space.port.enlist(space.call(container), { pipe: this.id, role: 'destination' }));
  }

  async leave(space: TestSpace): Promise<void> {
    await space.port.delist({ pipe: this.id, role: 'destination' }, 'nothing');
  }

  holder(): string {
    return `pipe:${this.id}:${crypto.randomUUID()}`;
  }

  async pin(
    space: TestSpace,
    container: string,
    names: readonly string[],
    {
      by = OWNER,
      owner = by,
      holder = this.holder(),
      settled = true,
    }: { by?: Principal; owner?: Principal; holder?: string; settled?: boolean } = {},
  ): Promise<readonly Pin[]> {
    return space.port.pinChunks(space.call(container, by), { holder, paths: names.map((name) => name.split('/')), settled }, owner);
  }

  /** Pins, and has the chunk accepted. */
  async write(space: TestSpace, container: string, name: string): Promise<Held> {
    const holder = this.holder();
    const [pin] = await this.pin(space, container, [name], { holder });
    if (pin?.kind !== 'pinned') throw new Error(`not pinned: ${JSON.stringify(pin)}`);
    this.taken.set(holder, new Set([pin.key]));
    return { ...pin, space, holder };
  }

  /** What its outbox does when the chunk is trimmed. */
  async drop({ space, holder, key }: Held): Promise<void> {
    this.taken.delete(holder);
    await space.port.letGo(holder, [key]);
  }

  async place(
    space: TestSpace,
    container: string,
    items: Placing['items'],
    more: Partial<Placing> & { by?: Principal } = {},
  ): Promise<readonly Placed[]> {
    const { by = OWNER, ...placing } = more;
    await this.enter(space, container);
    return space.port.placeChunks(space.call(container, by), {
      pipe: this.id,
      onConflict: 'fail',
      until: testClock.now + HOUR,
      items,
      ...placing,
    });
  }
}

export function item(
  name: string,
  { home, key, size, md5 }: { home: SpaceId; key: ObjectKey; size: number; md5?: string },
): Placing['items'][number] {
  return { path: name.split('/'), home, key, size, ...(md5 !== undefined && { md5 }) };
}
