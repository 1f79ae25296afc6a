// Lists of groups in the value of a property: separated by spaces or commas, each a group's IVOID.
import { parseGroupUri } from '../../model/principal.ts';

/** Each once, in the order in which they stand; what is no group is left out. */
export function readGroups(value: string): readonly string[] {
  const found = value.split(/[\s,]+/).map((word) => parseGroupUri(word));
  return [...new Set(found.filter((group) => group !== undefined))];
}

/** The form that the service answers. */
export function formatGroups(groups: readonly string[]): string {
  return groups.join(' ');
}

/** What stands behind the question mark. */
export function groupName(uri: string): string {
  return uri.slice(uri.indexOf('?') + 1) || uri;
}

/** A group's IVOID of what was typed: one, or the bare name of a group of this service. Undefined for what is none. */
export function groupOfText(text: string, authority: string): string | undefined {
  const typed = text.trim();
  return parseGroupUri(typed) ?? (/^[A-Za-z0-9_.@-]+$/.test(typed) ? parseGroupUri(`ivo://${authority}/gms?${typed}`) : undefined);
}
