// One selection being edited: its nodes as they were last seen, what the user wants otherwise, and where others were quicker. Outlives the
// panel for as long as something is unsaved.
import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { NodeDocument } from '../../model/node.ts';
import type { Target } from '../app/target.ts';
import { session } from '../app/spaces.ts';
import { troubleOf, type Trouble } from '../app/trouble.ts';
import { conflictsOf, differences, EMPTY, withoutWish, withWish, type Change, type Conflict, type Draft } from './draft.ts';
import type { ValueKind } from './known.ts';
import { wishedFor, type Wish } from './list-change.ts';
import { commonValue, mergeProperties, type Held } from './merge.ts';
import { readNodes } from './read-nodes.ts';

export interface Lost {
  readonly target: Target;
  readonly trouble: Trouble;
}

export class Edit {
  readonly key: string;
  readonly targets: readonly Target[];
  /** In the order of the targets, without those that could not be read; undefined: not yet asked. */
  readonly nodes: Signal<readonly NodeDocument[] | undefined> = signal(undefined);
  /** Whether its VOSpace sets properties of everything below by a job: one of another kind does not. */
  readonly trees = signal(false);
  /** Could not be read. */
  readonly lost: Signal<readonly Lost[]> = signal([]);
  readonly draft: Signal<Draft> = signal(EMPTY);
  readonly conflicts: Signal<readonly Conflict[]> = signal([]);
  /** The property that was added last, whose field is to have the focus when it is there. */
  added: string | undefined;
  /** How values of properties that were added here are edited. */
  readonly kinds = new Map<string, ValueKind>();
  /** Nodes that have been read, while they are. */
  readonly seen = signal(0);
  readonly held: ReadonlySignal<readonly Held[]> = computed(() => mergeProperties(this.nodes.value ?? []));
  readonly changes: ReadonlySignal<readonly Change[]> = computed(() => differences(this.held.value, this.draft.value));
  readonly dirty: ReadonlySignal<boolean> = computed(() => this.changes.value.length > 0 || this.conflicts.value.length > 0);

  constructor(key: string, targets: readonly Target[]) {
    this.key = key;
    this.targets = targets;
  }

  get authority(): string {
    return this.targets[0]?.place.authority ?? '';
  }

  heldOf(uri: string): Held | undefined {
    return this.held.value.find((one) => one.uri === uri);
  }

  /** What all get; undefined where nothing is wished, null for a wish that it goes. */
  wished(uri: string): string | null | undefined {
    const wish = this.draft.value.get(uri);
    return wish === undefined ? undefined : wishedFor(commonValue(this.heldOf(uri)), wish);
  }

  want(uri: string, to: Wish): void {
    this.draft.value = withWish(this.draft.peek(), this.heldOf(uri), uri, to);
  }

  /** Takes one wish back; with it its conflicts are over. */
  undo(uri: string): void {
    this.draft.value = withoutWish(this.draft.peek(), uri);
    this.conflicts.value = this.conflicts.peek().filter((one) => one.uri !== uri);
  }

  /** The wish stays, over what somebody else has set. */
  insist(uri: string): void {
    this.conflicts.value = this.conflicts.peek().filter((one) => one.uri !== uri);
  }

  discard(): void {
    this.draft.value = EMPTY;
    this.conflicts.value = [];
  }

  /** Asks for all nodes again. Whatever the draft would change and somebody else has changed meanwhile becomes a conflict. */
  async refresh(signal?: AbortSignal): Promise<void> {
    this.seen.value = 0;
    const outcomes = await readNodes(this.targets, (count) => (this.seen.value = count), signal);
    signal?.throwIfAborted();
    this.trees.value = (await session(this.authority)).codec.ours;
    const present = outcomes.flatMap((one) => ('result' in one ? [one.result] : []));
    this.lost.value = outcomes.flatMap((one) => ('thrown' in one ? [{ target: one.of, trouble: troubleOf(one.thrown) }] : []));
    const before = new Map(this.nodes.peek()?.map((node) => [node.uri, node]));
    const fresh = present.flatMap((node) => {
      const seen = before.get(node.uri);
      return seen ? conflictsOf(seen, node, this.draft.peek()) : [];
    });
    this.nodes.value = present;
    this.#add(fresh);
  }

  #add(fresh: readonly Conflict[]): void {
    if (fresh.length === 0) return;
    const others = this.conflicts.peek().filter(({ node, uri }) => !fresh.some((one) => one.node === node && one.uri === uri));
    this.conflicts.value = [...others, ...fresh];
  }

  /** What the service answered for some of the nodes, and where somebody else was quicker. */
  take(answers: readonly NodeDocument[], conflicts: readonly Conflict[] = []): void {
    this.#add(conflicts);
    const by = new Map(answers.map((node) => [node.uri, node]));
    this.nodes.value = this.nodes.peek()?.map((node) => by.get(node.uri) ?? node);
    const draft = this.draft.peek();
    this.draft.value = new Map(differences(this.held.peek(), draft).map(({ uri, to }) => [uri, to]));
  }
}

export function keyOf(targets: readonly Target[]): string {
  return targets
    .map(({ place }) => `${place.authority}${place.path}`)
    .toSorted()
    .join('\n');
}
