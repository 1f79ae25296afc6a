// Follows links on the way to bytes. Links are never followed to change or to delete a node's entry, only to reach what they name.
import { Fault } from '../faults.ts';
import { MAX_LINK_STEPS } from '../model/limits.ts';
import { parsePath, parseVosUri, type Authority, type NodePath } from '../model/vos-uri.ts';

/** A step's answer: arrived, or a link to go along. */
export type Step<T> =
  | { readonly kind: 'link'; readonly target: string; readonly rest: readonly string[] }
  | { readonly kind: 'arrived'; readonly value: T };

/**
 * Takes steps until one arrives. Each step checks the caller's rights at its link and along the path it was given, so a link opens
 * nothing that the caller could not reach by name. Targets outside this service are named, never fetched.
 */
export async function follow<T>(
  authority: Authority,
  start: NodePath,
  step: (path: NodePath) => Promise<Step<T>>,
): Promise<{ readonly path: NodePath; readonly value: T }> {
  let path = start;
  const seen = new Set<string>();
  for (let steps = 0; steps <= MAX_LINK_STEPS; steps++) {
    const answer = await step(path);
    if (answer.kind === 'arrived') return { path, value: answer.value };
    path = [...targetPath(authority, answer.target), ...parsePath(answer.rest.map(encodeURIComponent).join('/'))];
    const key = path.join('/');
    if (seen.has(key)) throw new Fault('InvalidArgument', 'the links lead in a circle');
    seen.add(key);
  }
  throw new Fault('InvalidArgument', `more than ${MAX_LINK_STEPS} links in a row`);
}

function targetPath(authority: Authority, target: string): NodePath {
  if (!/^vos:/i.test(target)) throw new Fault('InvalidArgument', `the link leads to ${target}, outside this service`);
  const uri = parseVosUri(target);
  if (uri.authority !== authority) throw new Fault('InvalidArgument', `the link leads to ${target}, in another service`);
  return uri.path;
}
