// Places for requests that wait: bounded, and free again even where nobody gives them back.
import { expect, test } from 'vitest';
import { Places } from '../../../src/service/places.ts';

test('are refused when all are taken, and had again when one is given back', () => {
  const places = new Places(2, () => 0);
  const [one] = [places.take(1000), places.take(1000)];
  expect(() => places.take(1000)).toThrow('ServiceBusy');
  one.free();
  one.free();
  places.take(1000);
  expect(() => places.take(1000)).toThrow('ServiceBusy');
});

test('whose request was cut off are free when their time is over, others are kept', () => {
  let now = 0;
  const places = new Places(2, () => now);
  const kept = places.take(1000);
  places.take(1000);
  now = 900;
  kept.renew(1000);
  expect(() => places.take(1000)).toThrow('ServiceBusy');
  now = 1000;
  places.take(1000);
  expect(() => places.take(1000)).toThrow('ServiceBusy');
});
