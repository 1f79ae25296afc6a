// A refusal as an answer: where other changes of the same transaction are to be kept.
import { asFault, type Fault } from '../../faults.ts';

/** For changes that are refused before they have written anything. */
export function refusable<T>(change: () => T): T | Fault {
  try {
    return change();
  } catch (error) {
    const fault = asFault(error);
    if (!fault) throw error;
    return fault;
  }
}
