// Two services that find each other through their registries, one of them always on the embedded store.
import { freePorts, startService, type Service } from './service.ts';

export interface Site {
  readonly authority: string;
  readonly service: Service;
}

export async function startPair(): Promise<readonly [Site, Site]> {
  const authorities = ['left.example~vospace', 'right.example~vospace'] as const;
  const ports = [await freePorts(), await freePorts()] as const;
  const hosts = process.env['SWIFT_AUTH_URL'] ? ` ${new URL(process.env['SWIFT_AUTH_URL']).host}` : '';
  const start = async (own: 0 | 1): Promise<Site> => {
    const [authority, other] = own === 0 ? authorities : ([authorities[1], authorities[0]] as const);
    const far = own === 0 ? ports[1] : ports[0];
    const vars = {
      AUTHORITY: authority,
      REGISTRY: `ivo://${other.replace('~', '/')} = http://127.0.0.1:${far.port}/vos/capabilities`,
      TRANSFER_HOSTS: `127.0.0.1:${far.port} 127.0.0.1:${far.storePort}${hosts}`,
      ...(own === 1 && { STORE: 'embedded' }),
    };
    return { authority, service: await startService({ vars, ports: own === 0 ? ports[0] : ports[1] }) };
  };
  return [await start(0), await start(1)];
}

/** What a site lets its administrator in by, as it is entrusted to the other. */
export function credentials({ authority, service }: Site) {
  return { credentials: [{ authority, user: service.admin.user, password: service.admin.password }] };
}
