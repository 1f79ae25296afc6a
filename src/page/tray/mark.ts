// The sign that uploads are kept which are not over: seen without opening what they are kept in.

/** In localStorage: how many. */
export const MARK = 'vopipe.uploads';
