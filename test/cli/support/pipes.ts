// Pipes for tests of the command line: made, filled and read by the client library, as the user whom the commands run for.
import { connect } from '../../../src/client/connect.ts';
import { pipes, type Pipe, type ReadChunk } from '../../../src/client/pipes.ts';
import type { Vospace } from '../../../src/client/vospace.ts';
import type { PipeOptions } from '../../../src/model/pipe.ts';
import { service, type Person } from './vopipe.ts';

export interface Piping {
  readonly space: Vospace;
  readonly uri: (path: string) => string;
  /** From one container of the user's to another. */
  readonly make: (src: string, dest: string, options?: Partial<PipeOptions>) => Promise<Pipe>;
}

export async function piping({ user, password }: Person): Promise<Piping> {
  const space = connect(service.base, { credentials: { user, password } });
  const authority = await space.authority();
  const uri = (path: string): string => `vos://${authority}/${user}/${path}`;
  return { space, uri, make: (src, dest, options = {}) => pipes(space).create({ src: uri(src), dest: uri(dest), options }) };
}

export async function readAll(pipe: Pipe, until: 'tail' | 'closed' = 'tail'): Promise<readonly ReadChunk[]> {
  const chunks: ReadChunk[] = [];
  for await (const chunk of pipe.read({ until })) chunks.push(chunk);
  return chunks;
}

export async function textOf(pipe: Pipe, chunk: ReadChunk): Promise<string> {
  return new TextDecoder().decode(await pipe.bytes(chunk));
}

/** Until it holds; the caller's own limit is the test's. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}
