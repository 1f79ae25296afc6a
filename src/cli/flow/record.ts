// What a flow keeps about its pipes: one property of its home container for each, so that any computer finds them.

export interface PipeRecord {
  /** Absent: it was about to be made. */
  readonly id?: string;
  /** The authority of the VOSpace whose pipe it is. */
  readonly at: string;
  readonly src: string;
  readonly dest: string;
  /** Under which it is made: whoever finds a record without an id makes the same pipe. */
  readonly key: string;
  /** It was there before the flow, and stays after it. */
  readonly used?: true;
  /** Groups that the flow has made in it: they go when they are not declared any more. */
  readonly groups?: readonly string[];
}

const BEGINNING = 'ivo://vopipe/flow#';

/** The URI of the property. Names of flows and pipes have no character that it would have to escape. */
export function recordUri(flow: string, pipe: string): string {
  return `${BEGINNING}${flow}/${pipe}`;
}

/** The records among the properties of a container: by the names of pipes. What is no record is passed over. */
export function recordsIn(
  flow: string,
  properties: readonly { readonly uri: string; readonly value?: string | undefined }[],
): Map<string, PipeRecord> {
  const records = new Map<string, PipeRecord>();
  const beginning = recordUri(flow, '');
  for (const { uri, value = '' } of properties) {
    const record = uri.startsWith(beginning) ? parseRecord(value) : undefined;
    if (record) records.set(uri.slice(beginning.length), record);
  }
  return records;
}

export function formatRecord(record: PipeRecord): string {
  return JSON.stringify(record);
}

function parseRecord(text: string): PipeRecord | undefined {
  try {
    const { id, at, src, dest, key, used, groups } = JSON.parse(text) as Partial<Record<keyof PipeRecord, unknown>>;
    if (typeof at !== 'string' || typeof src !== 'string' || typeof dest !== 'string' || typeof key !== 'string') return undefined;
    const names = Array.isArray(groups) ? groups.filter((name) => typeof name === 'string') : [];
    return {
      ...(typeof id === 'string' && { id }),
      at,
      src,
      dest,
      key,
      ...(used === true && { used }),
      ...(names.length > 0 && { groups: names }),
    };
  } catch {
    return undefined;
  }
}
