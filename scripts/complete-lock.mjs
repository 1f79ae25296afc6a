// Adds to package-lock.json the entries of optional platform packages that a registry mirror lacks: without them `npm install` writes a
// lock that `npm ci` refuses elsewhere. Run it after every `npm install`: node scripts/complete-lock.mjs
import { readFileSync, writeFileSync } from 'node:fs';
const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const cpus = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x'];
let added = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] || path === '') continue;
    const [os, cpu, libc] = name.split('/')[1].replace('binding-', '').split('-');
    if (!cpus.includes(cpu)) {
      console.log('cannot read', name);
      continue;
    }
    lock.packages[key] = {
      version,
      cpu: [cpu],
      ...(entry.dev ? { dev: true } : {}),
      ...(libc === 'musl' || libc === 'musleabihf' ? { libc: ['musl'] } : {}),
      license: 'MIT',
      optional: true,
      os: [os],
      ...(entry.engines ? { engines: entry.engines } : {}),
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(file, JSON.stringify(lock, null, 2) + '\n');
console.log('added', added);
