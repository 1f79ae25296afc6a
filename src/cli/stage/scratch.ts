// The directory in which a stage works: its own, gone at its end, and what a killed one has left is cleared away by the next.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustBeOwn } from '../own-folder.ts';
import { isLeft, OWN } from '../processes.ts';

/** By this the programs of a stage are known that was killed. */
export const WORK_VARIABLE = 'VOPIPE_WORK';

/** Those that are in use: gone also where the process ends without coming to `close`. */
const inUse = new Set<Scratch>();
let watching = false;

function keepWatch(): void {
  if (watching) return;
  watching = true;
  process.once('exit', () => {
    for (const scratch of inUse) scratch.remove(scratch.path);
  });
}

export class Scratch {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** `parent`: default a directory for this user below the one for temporary files. Clears away what killed stages of this computer have left there. */
  static open(parent?: string): Scratch {
    const at = parent ?? join(tmpdir(), `vopipe-stage-${process.getuid?.() ?? 0}`);
    mkdirSync(at, { recursive: true, mode: 0o700 });
    mustBeOwn(at, 'Name another with --work DIR, or set TMPDIR.');
    for (const name of readdirSync(at)) if (isLeft(name.replace(/-\w{6}$/, ''))) clear(join(at, name));
    const scratch = new Scratch(mkdtempSync(join(at, `${OWN}-`)));
    keepWatch();
    inUse.add(scratch);
    return scratch;
  }

  /** An empty directory. */
  make(name: string): string {
    const path = mkdtempSync(join(this.path, `${name}-`));
    return path;
  }

  remove(path: string): void {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  }

  close(): void {
    inUse.delete(this);
    this.remove(this.path);
  }
}

/** With the programs that still work in it for nobody. */
function clear(path: string): void {
  const mark = `${WORK_VARIABLE}=${path}/`;
  for (const pid of processes()) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)) process.kill(pid, 'SIGKILL');
    } catch {
      // Another's, or gone.
    }
  }
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

function processes(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
