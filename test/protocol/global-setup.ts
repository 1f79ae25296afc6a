// Finds the service to be tested, or starts one: VOSPACE_URL, VOSPACE_USER and VOSPACE_PASSWORD name one that runs already.
import type { TestProject } from 'vitest/node';
import { Client, type Credentials } from '../support/client.ts';
import { parseXml, readNode } from './tree.ts';

/** What every test file is told about the service. */
export interface ServiceInfo {
  readonly base: string;
  /** As the service itself spells it in vos:// URIs. */
  readonly authority: string;
  readonly admin: Credentials;
  /** The store's origin, when known. */
  readonly storeUrl: string | null;
  /** Set by VOSPACE_HOME for a service that is not this project's: the container in which its one user may work. */
  readonly home: string | null;
}

declare module 'vitest' {
  export interface ProvidedContext {
    vospace: ServiceInfo;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { VOSPACE_URL: url, VOSPACE_USER: user = 'admin', VOSPACE_PASSWORD: password = '', VOSPACE_HOME: home } = process.env;
  if (url === undefined || url === '') {
    const { startService } = await import('../support/service.ts');
    const service = await startService();
    const stop = async (): Promise<void> => {
      await service.stop();
    };
    try {
      const { base, storeUrl, admin } = service;
      const credentials = { user: admin.user, password: admin.password };
      project.provide('vospace', { base, authority: await readAuthority(base, credentials), admin: credentials, storeUrl, home: null });
    } catch (error) {
      await stop();
      throw new Error(`the service does not answer as it ought to; it printed:\n${service.output()}`, { cause: error });
    }
    return stop;
  }
  const base = url.replace(/\/$/, '');
  const admin = { user, password };
  if (home !== undefined)
    console.log('VOSPACE_HOME is set: tests that need an administrator or a second user are skipped, and counted as skipped.');
  project.provide('vospace', {
    base,
    authority: await readAuthority(base, admin),
    admin,
    storeUrl: process.env['VOSPACE_STORE_URL'] ?? null,
    home: home ?? null,
  });
  return () => Promise.resolve();
}

async function readAuthority(base: string, credentials: Credentials): Promise<string> {
  const answer = await new Client(base, credentials).get('/nodes?limit=0');
  if (answer.status !== 200) throw new Error(`GET ${base}/nodes?limit=0 answers ${answer.status} ${answer.text.slice(0, 200)}`);
  const authority = /^vos:\/\/([^/]+)/.exec(readNode(parseXml(answer.text)).uri)?.[1];
  if (authority === undefined) throw new Error(`the root node has no vos:// URI: ${answer.text.slice(0, 200)}`);
  return authority;
}
