// One VOSpace examined from where the person is: reached, ready, who one is, what one may.
import { availability } from '../../client/availability.ts';
import { VospaceError } from '../../client/error.ts';
import { me } from '../../client/me.ts';
import { pipes } from '../../client/pipes.ts';
import type { Vospace } from '../../client/vospace.ts';
import { valueIn, type NodeDocument } from '../../model/node.ts';
import { AVAILABLE_SPACE, QUOTA, READABLE, WRITABLE } from '../../model/property.ts';
import { counted, humanBytes } from '../nodes/amounts.ts';
import { isNotThere } from '../nodes/look.ts';
import { nameOf } from '../nodes/facts.ts';
import { checkClock } from './clock.ts';
import { checkStore, reasonOf } from './store.ts';
import type { Tell } from './finding.ts';

/** `home`: the container to try, undefined: one's own. */
export async function examine(space: Vospace, home: readonly string[] | undefined, tell: Tell, signal: AbortSignal): Promise<void> {
  if (!(await checkReach(space, tell, signal))) return;
  await checkAvailability(space, tell, signal);
  const who = await checkWho(space, tell, signal);
  const place = who && (home ?? (await ownContainer(space, who.user, tell, signal)));
  const mayWrite = place !== undefined && (await checkRights(space, place, tell, signal));
  const clocked = mayWrite && (await checkStore(space, place, tell, signal));
  if (!clocked) await checkClock(space, tell, signal).catch(() => undefined);
  if (who) await checkPipes(space, tell, signal);
}

async function checkReach(space: Vospace, tell: Tell, signal: AbortSignal): Promise<boolean> {
  const begun = performance.now();
  try {
    const capabilities = await space.capabilities({ signal });
    const kind = space.session.codec.ours ? 'this project’s service' : 'a VOSpace of another kind, in XML';
    const time = `${Math.round(performance.now() - begun)} ms`;
    await tell({
      check: 'reached',
      level: 'ok',
      detail: `${space.base} in ${time}: ${kind}, ${counted(capabilities.length, 'capability', 'capabilities')}`,
    });
    return true;
  } catch (thrown) {
    // Wrong credentials are refused for whatever is asked.
    const isRefused = thrown instanceof VospaceError && thrown.status === 401;
    const reason = isRefused ? { detail: thrown.message, advice: `vopipe login ${space.base} signs in anew.` } : reasonOf(thrown);
    await tell({ check: isRefused ? 'credentials' : 'reached', level: 'fail', ...reason });
    return false;
  }
}

async function checkAvailability(space: Vospace, tell: Tell, signal: AbortSignal): Promise<void> {
  const check = 'available';
  try {
    const { available, note = '' } = await availability(space, { signal });
    if (available) await tell({ check, level: 'ok', detail: note === '' ? 'so it says' : note });
    else
      await tell({
        check,
        level: 'fail',
        detail: `the service says that it is not${note === '' ? '' : `: ${note}`}`,
        advice: 'Try again later, or ask its operators.',
      });
  } catch (thrown) {
    await tell({ check, level: 'warn', ...reasonOf(thrown) });
  }
}

async function checkWho(space: Vospace, tell: Tell, signal: AbortSignal): Promise<{ readonly user: string | undefined } | undefined> {
  const check = 'credentials';
  const method = space.session.wire.identity.securityMethod;
  if (method === undefined) {
    await tell({ check, level: 'warn', detail: 'none: only what is public can be read', advice: `vopipe login ${space.base} signs in.` });
    return undefined;
  }
  try {
    if (!space.session.codec.ours) {
      await space.nodes.get('/', { limit: 0, detail: 'min', signal });
      await tell({ check, level: 'ok', detail: 'the root can be read with them' });
      return { user: undefined };
    }
    const { user, groups, admin, scopes } = await me(space, { signal });
    const restricted = scopes ? `, restricted to ${scopes.join(' ') || 'nothing'}` : '';
    await tell({
      check,
      level: 'ok',
      detail: `${user}${admin ? ', an administrator' : ''}, in ${counted(groups.length, 'group')}${restricted}`,
    });
    return { user };
  } catch (thrown) {
    await tell({ check, level: 'fail', detail: reasonOf(thrown).detail, advice: `vopipe login ${space.base} signs in anew.` });
    return undefined;
  }
}

/** Of another service the first in which one may write. */
async function ownContainer(
  space: Vospace,
  user: string | undefined,
  tell: Tell,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  if (user !== undefined) return [user];
  for await (const node of space.nodes.children('/', { detail: 'max', signal }))
    if (node.type === 'ContainerNode' && valueIn(node, WRITABLE) === 'true') return [nameOf(node)];
  const advice = 'Name a container to be tried: vopipe doctor vos://authority/container';
  await tell({ check: 'container', level: 'warn', detail: 'none of which the service says that you may write in it', advice });
  return undefined;
}

async function checkRights(space: Vospace, home: readonly string[], tell: Tell, signal: AbortSignal): Promise<boolean> {
  const check = 'container';
  const name = `/${home.join('/')}`;
  let node: NodeDocument;
  try {
    ({ node } = await space.nodes.get(home, { limit: 0, detail: 'max', signal }));
  } catch (thrown) {
    const isMissing = isNotThere(thrown);
    if (isMissing)
      await tell({
        check,
        level: 'warn',
        detail: `${name} is not there: nothing can be tried`,
        advice: `vopipe mkdir ${await space.session.uriOf(home, { signal })} makes it; or name another one to be tried.`,
      });
    else await tell({ check, level: 'fail', ...reasonOf(thrown) });
    return false;
  }
  if (node.type !== 'ContainerNode') {
    await tell({ check, level: 'fail', detail: `${name} is no container`, advice: 'Name a container in which you may write.' });
    return false;
  }
  const mayWrite = valueIn(node, WRITABLE) !== 'false';
  const rights = [...(valueIn(node, READABLE) === 'false' ? [] : ['read']), ...(mayWrite ? ['write'] : [])].join(' and ');
  const [quota, left] = [Number(valueIn(node, QUOTA)), Number(valueIn(node, AVAILABLE_SPACE))];
  const isFull = quota > 0 && left < 1024 * 1024;
  const room = quota > 0 ? `, ${humanBytes(left)} of ${humanBytes(quota)} left` : '';
  const advice = isFull
    ? 'Delete something, or ask an administrator for a larger quota.'
    : mayWrite
      ? undefined
      : 'Ask its owner for the right.';
  await tell({
    check,
    level: isFull || !mayWrite ? 'warn' : 'ok',
    detail: `${name}: you may ${rights || 'neither read nor write'}${room}`,
    advice,
  });
  return mayWrite && !isFull;
}

async function checkPipes(space: Vospace, tell: Tell, signal: AbortSignal): Promise<void> {
  const check = 'pipes';
  const offered = (await space.capabilities({ signal })).some(({ standardID }) => standardID.startsWith('ivo://vopipe/capabilities#pipe'));
  if (!offered) {
    const advice = 'Pipes from and to it can be made at a service that has them.';
    return tell({ check, level: 'warn', detail: 'not offered', advice });
  }
  try {
    let [own, lame] = [0, 0];
    for await (const { condition } of pipes(space).list({ signal })) {
      own++;
      if (condition === 'authRequired') lame++;
    }
    await tell({
      check,
      level: 'ok',
      detail: `offered; you have ${counted(own, 'pipe')}${lame === 0 ? '' : `, ${lame} of which wait for a right or a credential`}`,
    });
  } catch (thrown) {
    await tell({ check, level: 'warn', ...reasonOf(thrown) });
  }
  return undefined;
}
