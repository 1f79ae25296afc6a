// The screen of searches: what is looked for, and what is found.
import { useShortcuts } from '../app/keys.tsx';
import { readPlaceText } from '../app/place.ts';
import { navigate, parameter, ROOT } from '../app/router.ts';
import { home } from '../app/spaces.ts';
import { SearchForm } from './form.tsx';
import { asksSomething, parametersOf, problemsOf, queryOf, readFields, type Fields } from './query.ts';
import { Results } from './results.tsx';
import './search.css';

const FOCUS = [{ keys: ['/', 'ctrl+f'], label: 'Go to what is looked for', run: () => document.getElementById('search-name')?.focus() }];

export function Search() {
  useShortcuts('Search', FOCUS);
  const given = readFields(parameter);
  const fields: Fields = { ...given, below: given.below || (home.value ?? '/') };
  const below = readPlaceText(fields.below);
  const sound = below !== undefined && Object.keys(problemsOf(fields)).length === 0;
  const go = (next: Fields): void => navigate(`${ROOT}/search?${parametersOf(next).toString()}`);
  return (
    <div class="search">
      <SearchForm key={parametersOf(fields).toString()} fields={fields} go={go} />
      {below && <Results below={below} query={sound && asksSomething(fields) ? queryOf(fields) : undefined} />}
    </div>
  );
}
