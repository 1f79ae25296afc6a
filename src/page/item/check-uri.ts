// Whether a text can be the name of a property that one adds, and if not, why, in words.
import { CORE, MAX_PROPERTY_URI, setterOf } from '../../model/property.ts';
import { ACCESS_URIS, KNOWN_URIS, knownOf, labelOf } from './known.ts';

/** Undefined for one that can be added. `has`: those that the nodes have already. */
export function troubleOfUri(text: string, has: ReadonlySet<string>): string | undefined {
  if (text === '') return 'Type a name or a URI.';
  if (/\s/.test(text)) return 'A URI holds no spaces.';
  if (/[<>"]/.test(text)) return 'A URI holds no quotes and no angle brackets.';
  if (text.length > MAX_PROPERTY_URI) return `A URI has at most ${MAX_PROPERTY_URI} characters.`;
  if (has.has(text)) return `${labelOf(text)} is there already.`;
  if (ACCESS_URIS.includes(text)) return `${labelOf(text)} is set in the tab Access.`;
  const known = knownOf(text);
  if (known?.kept !== undefined) return `${known.label} cannot be set. ${known.kept}`;
  try {
    setterOf(text);
  } catch {
    const meant = nearest(text);
    return `The VOSpace standard has no property of this name.${meant === undefined ? '' : ` Do you mean ${meant}?`}`;
  }
  if (/^[a-z][a-z0-9+.-]*:$/i.test(text)) return 'There is nothing behind the colon.';
  return undefined;
}

/** Something that may be better, of a name that can be added. */
export function adviceOnUri(text: string): string | undefined {
  const core = KNOWN_URIS.find((uri) => uri.startsWith(CORE) && uri.slice(CORE.length).toLowerCase() === text.toLowerCase());
  if (core !== undefined) return `${core} is the registered name: programs look for it.`;
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text)) return 'A URI, such as https://example.org/terms#band, means the same to everybody.';
  return undefined;
}

/** The registered URI that is one or two letters away. */
function nearest(text: string): string | undefined {
  const name = text.replace(/^.*[#/]/, '').toLowerCase();
  const scored = KNOWN_URIS.filter((uri) => uri.startsWith(CORE)).map((uri) => ({
    uri,
    steps: distance(name, uri.slice(CORE.length).toLowerCase()),
  }));
  const best = scored.reduce((one, other) => (other.steps < one.steps ? other : one), { uri: '', steps: 3 });
  return best.uri === '' ? undefined : best.uri;
}

/** Letters to put in, take away or replace. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(one).entries()) {
    const next = [i + 1];
    for (const [j, against] of Array.from(other).entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === against ? 0 : 1)));
    row = next;
  }
  return row.at(-1) ?? 0;
}
