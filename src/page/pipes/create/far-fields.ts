// The VOSpaces other than this one at the ends of a pipe, and what a form says of them.
import type { PipeCredential } from '../../../client/pipes.ts';
import type { Place } from '../../app/place.ts';
import { OWN } from '../../app/spaces.ts';
import { textIn } from '../../kit/text-in.ts';

export function farAuthorities(ends: readonly (Place | undefined)[]): readonly string[] {
  return [...new Set(ends.flatMap((end) => (end && end.authority !== OWN ? [end.authority] : [])))];
}

/** Of those for which something was given. */
export function credentialsIn(form: FormData, far: readonly string[]): readonly PipeCredential[] {
  return far.flatMap((authority): PipeCredential[] => {
    const given = (name: string): string => textIn(form, `${name} ${authority}`);
    if (given('token') !== '') return [{ authority, token: given('token') }];
    return given('user') === '' ? [] : [{ authority, user: given('user'), password: given('password') }];
  });
}
