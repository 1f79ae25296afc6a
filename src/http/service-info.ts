// What the service says of itself: protocols, views, properties, capabilities and availability. VOSpace 2.1 section 6.1, VOSI 1.1.
import { Hono } from 'hono';
import { asFault } from '../faults.ts';
import { formatCapabilitiesJson } from '../model/json/capabilities.ts';
import type { ServiceCapability } from '../model/service-capability.ts';
import { properties, protocols, VIEWS } from '../service/offers.ts';
import { formatProperties, formatProtocols, formatViews } from '../xml/lists.ts';
import { formatAvailability, formatCapabilities } from '../xml/vosi.ts';
import type { AppEnv } from './context.ts';
import { baseUrl, wantsJson } from './input.ts';

const XML = { 'Content-Type': 'text/xml; charset=utf-8' };
/** When this isolate began to serve, epoch milliseconds; 0 until the first request, because a clock stands still before that. */
let upSince = 0;

export const serviceInfo = new Hono<AppEnv>();

serviceInfo.get('/protocols', (c) => {
  const offered = protocols(c.var.services.config);
  return wantsJson(c) ? c.json(offered) : c.body(formatProtocols(offered), 200, XML);
});
serviceInfo.get('/views', (c) => (wantsJson(c) ? c.json(VIEWS) : c.body(formatViews(VIEWS), 200, XML)));
serviceInfo.get('/properties', async (c) => {
  const lists = await properties(c.var.services);
  return wantsJson(c) ? c.json(lists) : c.body(formatProperties(lists), 200, XML);
});

serviceInfo.get('/capabilities', (c) => {
  const { config } = c.var.services;
  const methods: (string | undefined)[] = [undefined, 'ivo://ivoa.net/sso#BasicAA'];
  if (config.issuers.length > 0) methods.push('ivo://ivoa.net/sso#token', 'ivo://ivoa.net/sso#OAuth');
  if (config.certificateUsers.size > 0) methods.push('ivo://ivoa.net/sso#tls-with-certificate');
  const offered = capabilities(baseUrl(c), methods);
  if (wantsJson(c)) return c.body(formatCapabilitiesJson(offered), 200, { 'Content-Type': 'application/json' });
  return c.body(formatCapabilities(offered), 200, XML);
});

serviceInfo.get('/availability', async (c) => {
  const { objects, clock } = c.var.services;
  upSince ||= clock();
  const store = await objects.health().then(
    ({ detail }) => ({ available: true, note: `store: ${detail}` }),
    (error: unknown) => ({
      available: false,
      note: `store ${objects.kind} does not answer: ${asFault(error)?.detail ?? 'unknown reason'}`,
    }),
  );
  if (wantsJson(c))
    return c.json({ available: store.available, upSince: new Date(upSince).toISOString(), store: objects.kind, note: store.note });
  return c.body(formatAvailability({ available: store.available, notes: [store.note], upSince }), 200, XML);
});

function capabilities(base: string, securityMethods: readonly (string | undefined)[]): readonly ServiceCapability[] {
  const entry = (standardID: string, path: string, use: 'base' | 'full' = 'full', methods = securityMethods): ServiceCapability => ({
    standardID,
    interfaces: [{ url: base + path, use, securityMethods: methods, version: '2.1' }],
  });
  const anonymous = [undefined];
  return [
    entry('ivo://ivoa.net/std/VOSI#capabilities', '/capabilities', 'full', anonymous),
    entry('ivo://ivoa.net/std/VOSI#availability', '/availability', 'full', anonymous),
    entry('ivo://ivoa.net/std/VOSpace/v2.0#nodes', '/nodes', 'base'),
    entry('ivo://ivoa.net/std/VOSpace/v2.0#transfers', '/transfers', 'base'),
    entry('ivo://ivoa.net/std/VOSpace/v2.0#sync', '/sync'),
    entry('ivo://ivoa.net/std/VOSpace#sync-2.1', '/synctrans'),
    entry('ivo://ivoa.net/std/VOSpace#files-proto', '/files', 'base'),
    entry('ivo://ivoa.net/std/VOSpace#recursive-delete-proto', '/async-delete', 'base'),
    entry('ivo://ivoa.net/std/VOSpace#recursive-nodeprops-proto', '/async-setprops', 'base'),
    entry('ivo://ivoa.net/std/VOSpace#recursive-nodesize-proto', '/async-size', 'base'),
    entry('ivo://ivoa.net/std/VOSpace/v2.0#views', '/views'),
    entry('ivo://ivoa.net/std/VOSpace/v2.0#protocols', '/protocols'),
    entry('ivo://ivoa.net/std/VOSpace/v2.0#properties', '/properties'),
    // Pipes are for users only, and of a standard of their own.
    {
      standardID: 'ivo://vopipe/capabilities#pipe-1.0',
      interfaces: [
        { url: `${base}/pipes`, use: 'base', securityMethods: securityMethods.filter((method) => method !== undefined), version: '1.0' },
      ],
    },
  ];
}
