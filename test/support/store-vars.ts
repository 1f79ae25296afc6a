// What tests of the object stores are told by their environment.
import type { SwiftConfig } from '../../src/config.ts';

/** Largest upload of the embedded store under test: small, so that its border can be tried. */
export const MAX_PUT = 20 * 1024 * 1024;

export interface SwiftVars {
  readonly SWIFT_AUTH?: string;
  readonly SWIFT_AUTH_URL?: string;
  readonly SWIFT_USER?: string;
  readonly SWIFT_KEY?: string;
  readonly SWIFT_PROJECT?: string;
}

/** Throws when there is no Swift: a suite that was asked for is never skipped. */
export function readSwiftConfig(vars: SwiftVars): SwiftConfig {
  const { SWIFT_AUTH: auth = 'tempauth', SWIFT_AUTH_URL: authUrl, SWIFT_USER: user, SWIFT_KEY: key, SWIFT_PROJECT: project } = vars;
  if (!authUrl || !user || !key)
    throw new Error('SWIFT_AUTH_URL, SWIFT_USER and SWIFT_KEY are missing: npm run swift:up writes them to .swift/swift.env');
  return {
    auth: auth === 'keystone' ? 'keystone' : 'tempauth',
    authUrl,
    user,
    key,
    project,
    userDomain: 'Default',
    projectDomain: 'Default',
    region: undefined,
    storageUrl: undefined,
    recon: [],
  };
}
