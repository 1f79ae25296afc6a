// Names that can be completed from what is typed: those that begin so first, then those that hold it.
import type { Option } from '../kit/combobox.tsx';

export function suggest(text: string, from: readonly Option[], most = 12): readonly Option[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return from.slice(0, most);
  const score = ({ value, label, note = '' }: Option): number => {
    const [name, uri] = [label.toLowerCase(), value.toLowerCase()];
    if (!words.every((word) => `${name} ${uri} ${note.toLowerCase()}`.includes(word))) return 0;
    const [first = ''] = words;
    if (name.startsWith(first) || uri.startsWith(first)) return 3;
    return name.includes(first) || uri.includes(first) ? 2 : 1;
  };
  return from
    .map((one) => ({ one, points: score(one) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, most)
    .map(({ one }) => one);
}
