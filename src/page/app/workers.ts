// Workers of the page's own files: the only URLs of scripts that the page's policy for trusted types lets pass.

interface Policy {
  readonly createScriptURL: (url: string) => string;
}
interface Factory {
  readonly createPolicy: (name: string, rules: Policy) => Policy;
}

const OWN: Policy = {
  createScriptURL: (url) => {
    if (new URL(url, location.href).origin !== location.origin) throw new TypeError(`${url} is no script of this page`);
    return url;
  },
};

const factory = (globalThis as { readonly trustedTypes?: Factory }).trustedTypes;
const policy = factory?.createPolicy('vopipe', OWN) ?? OWN;

/** `url`: of a file of the page's build, as `import url from './x.ts?worker&url'` gives it. */
export function startWorker(url: string): Worker {
  return new Worker(policy.createScriptURL(url), { type: 'module' });
}
