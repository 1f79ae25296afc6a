// Negotiates some items in one request.
import { VospaceError } from '../../client/error.ts';
import { refusalOf, UploadCalls } from '../../client/upload-calls.ts';
import type { UploadDocument } from '../../model/uploads.ts';
import { session } from '../app/spaces.ts';
import { uriOfItem, type Item } from './item.ts';
import { flush, keep } from './kept.ts';

/** Larger files go in parts, which can be gone on with. */
const IN_PARTS = 16 * 1024 * 1024;
/** Milliseconds until a service is asked again that has too many uploads of this user's to take another. */
const PATIENCE = 5000;

/**
 * `elsewhere`: a VOSpace of another kind, where nothing is negotiated before. `conflict`: bytes are there under this name. `later`: when others
 * are through.
 */
export type Begun = { readonly kind: 'elsewhere' | 'conflict' | 'later' } | { readonly kind: 'failed'; readonly error: unknown };

interface Outcome {
  readonly item: Item;
  readonly result: UploadDocument | Begun;
}

/** Items of one VOSpace. Rejects never. */
export async function begin(items: readonly Item[]): Promise<readonly Outcome[]> {
  try {
    const at = await session(items[0]?.target.authority);
    if (!at.codec.ours) return items.map((item) => ({ item, result: { kind: 'elsewhere' } }));
    keep(...items);
    await flush();
    const found = await new UploadCalls(at, undefined).beginMany(items.map(wishOf));
    const outcomes = items.map((item, index) => ({ item, result: resultOf(item, found[index]) }));
    if (outcomes.some(({ result }) => 'kind' in result && result.kind === 'later'))
      await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    return outcomes;
  } catch (error) {
    return items.map((item) => ({ item, result: { kind: 'failed', error } }));
  }
}

function wishOf(item: Item) {
  return {
    uri: uriOfItem(item),
    length: item.size,
    type: item.type,
    ...(item.size > IN_PARTS && { parts: true }),
    ...(item.mode === 'new' && { ifNoneMatch: '*' }),
  };
}

function resultOf({ mode }: Item, found: UploadDocument | object | undefined): UploadDocument | Begun {
  if (found && 'id' in found && 'phase' in found) return found as UploadDocument;
  const error = refusalOf(found) ?? new VospaceError('BadAnswer', 'no answer for this file');
  if (error.fault === 'PreconditionFailed' && mode === 'new') return { kind: 'conflict' };
  return error.fault === 'TooManyRequests' ? { kind: 'later' } : { kind: 'failed', error };
}
