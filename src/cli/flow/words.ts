// A command line in one text as the words that a shell would make of it, without anything else that a shell does.

/** Undefined where a quote is not closed. `sh -c 'sort {} | uniq > {out}'` are three words. */
export function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? '';
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "'" || character === '"') {
      const end = closing(text, i);
      if (end < 0) return undefined;
      const inner = text.slice(i + 1, end);
      word = (word ?? '') + (character === '"' ? inner.replaceAll(/\\(["\\])/g, '$1') : inner);
      i = end;
    } else if (character === '\\' && i + 1 < text.length) word = (word ?? '') + (text[(i += 1)] ?? '');
    else word = (word ?? '') + character;
  }
  return word === undefined ? words : [...words, word];
}

function closing(text: string, from: number): number {
  const quote = text[from];
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === quote) return i;
    if (quote === '"' && text[i] === '\\') i++;
  }
  return -1;
}
