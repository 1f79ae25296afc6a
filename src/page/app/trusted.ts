// The one policy of Trusted Types: URLs of scripts are those of the page's own files.
interface Policy {
  createScriptURL(url: string): string;
}
interface Factory {
  createPolicy(name: string, rules: { readonly createScriptURL: (url: string) => string }): Policy;
}

const rules = { createScriptURL: own };
const { trustedTypes } = globalThis as { readonly trustedTypes?: Factory };
const policy: Policy = trustedTypes?.createPolicy('vopipe', rules) ?? rules;

/** A worker of the page's own, from what `import url from './….ts?worker&url'` gives. */
export function startWorker(url: string): Worker {
  return new Worker(policy.createScriptURL(url), { type: 'module' });
}

function own(url: string): string {
  const { href, origin } = new URL(url, location.href);
  if (origin !== location.origin) throw new TypeError(`${url} is no script of this page`);
  return href;
}
