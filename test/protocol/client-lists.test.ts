// What the client library asks a service of this project beside nodes: groups, names of properties, and the audit trail of a node.
import { expect, test } from 'vitest';
import { auditOf } from '../../src/client/audit.ts';
import { connect } from '../../src/client/connect.ts';
import { groups } from '../../src/client/groups.ts';
import { json } from '../../src/client/json.ts';
import { propertyNames } from '../../src/client/offers.ts';
import { xml } from '../../src/client/xml.ts';
import { newUser, service, unique } from './world.ts';

const TITLE = 'ivo://ivoa.net/vospace/core#title';

test.each([
  ['JSON', json],
  ['XML', xml],
])('groups, names and trails are read with %s, too', async (_, codec) => {
  const user = await newUser('lists');
  const space = connect(service.base, { codec, credentials: user.credentials ?? { token: 'none' } });
  const name = unique('team');
  await user.post('/groups', JSON.stringify({ name }), 'application/json');
  const found = [];
  for await (const group of groups(space)) found.push(group);
  expect(found).toEqual([{ uri: `ivo://${service.authority}/gms?${name}`, name, owner: user.credentials?.user }]);
  const { accepts, provides, contains } = await propertyNames(space);
  expect(accepts).toContain(TITLE);
  expect(provides).toContain('ivo://ivoa.net/vospace/core#length');
  expect(contains.length).toBeGreaterThanOrEqual(provides.length);
  const path = `${decodeURIComponent(user.home)}/50% #1`;
  await space.nodes.create(path, { type: 'DataNode' });
  await space.nodes.set(path, { properties: { [TITLE]: 'Stars' } });
  await expect(auditOf(space, path)).rejects.toMatchObject({ fault: 'PermissionDenied' });
  const admin = connect(service.base, { codec, credentials: service.admin });
  const trail = await auditOf(admin, path);
  expect(trail.map(({ principal, action, detail }) => [principal, action, detail])).toEqual([
    [user.credentials?.user, 'create', 'DataNode'],
    [user.credentials?.user, 'set', TITLE],
  ]);
  expect(trail[0]?.path).toBe(path);
  expect(Math.abs(Date.now() - (trail[0]?.time ?? 0))).toBeLessThan(600_000);
});
