// The one policy of Trusted Types: URLs of scripts are those of the page's own files, and markup is only for the parser of XML.
interface Policy {
  createScriptURL(url: string): string;
  createHTML(text: string): string;
}
interface Factory {
  createPolicy(name: string, rules: Policy): Policy;
}

// What is given to the parser of XML is data: the document that it makes is shown nowhere.
const rules: Policy = { createScriptURL: own, createHTML: (text) => text };
const { trustedTypes } = globalThis as { readonly trustedTypes?: Factory };
const policy: Policy = trustedTypes?.createPolicy('vopipe', rules) ?? rules;

/** A worker of the page's own, from what `import url from './….ts?worker&url'` gives. */
export function startWorker(url: string): Worker {
  return new Worker(policy.createScriptURL(url), { type: 'module' });
}

/** A document that is only read. */
export function parseXml(text: string): XMLDocument {
  return new DOMParser().parseFromString(policy.createHTML(text), 'application/xml');
}

function own(url: string): string {
  const { href, origin } = new URL(url, location.href);
  if (origin !== location.origin) throw new TypeError(`${url} is no script of this page`);
  return href;
}
