// For fields whose text is taken as it is typed: names, paths, URIs.

export const AS_TYPED = { autocomplete: 'off', autocapitalize: 'none', spellcheck: false } as const;
