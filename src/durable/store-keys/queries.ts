// Every SQL statement of StoreKeys.
import { statement } from '../sql.ts';

export type ItemName = 'secret' | 'epoch' | 'token';

export const GET_ITEM = statement<{ value: string }>('SELECT value FROM item WHERE name = ?');
export const SET_ITEM = statement('INSERT INTO item (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value');
