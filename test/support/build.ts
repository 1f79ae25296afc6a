// Global set-up of the tests that speak HTTP: brings the built Worker up to date once.
import { build } from '../../scripts/build.mjs';

export function setup(): void {
  build(console.log);
}
