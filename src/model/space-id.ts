// The names of Spaces: the shards that hold one top-level container each.

/** The random id of a Space; the root Space's is ROOT. */
export type SpaceId = string & { readonly __brand: 'SpaceId' };
export const ROOT = 'root' as SpaceId;
