// A change of a flow in words.
import { optionText } from '../pipe/figures.ts';
import type { Change } from './difference.ts';

/** A change in one line: `+` what comes, `-` what goes, `~` what is changed, `=` what is used as it is. */
export function lineOfChange(change: Change): string {
  const { kind, name } = change;
  switch (kind) {
    case 'create':
      return `+ pipe ${name}: ${change.pipe.src} → ${change.pipe.dest}${textOf(change.pipe.options)}`;
    case 'use':
      return `= pipe ${name}: ${change.id}, which is there already`;
    case 'destroy':
      return `- pipe ${name}: ${change.record.src} → ${change.record.dest} (${change.why})`;
    case 'forget':
      return `- pipe ${name}: no longer the flow's`;
    case 'change':
      return `~ pipe ${name}${textOf({ ...change.options, ...change.access })}`;
    case 'ungroup':
      return `- group ${change.group} of ${name} (it is not declared any more)`;
    case 'group':
      return `${change.isThere ? '~' : '+'} group ${change.group} of ${name}${textOf(change.wish)}`;
    default:
      return '';
  }
}

function textOf(options: object): string {
  const words = Object.entries(options).map(optionText);
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}
