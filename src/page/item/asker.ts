// Who asks at a VOSpace, as the rules of rights want it.
import { OWN, whoAt } from '../app/spaces.ts';
import { ELSEWHERE, type Asker } from './rights.ts';

export function askerAt(authority: string): Asker {
  return authority === OWN ? whoAt(authority) : ELSEWHERE;
}
