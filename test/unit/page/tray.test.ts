// What the upload tray reckons: rates that people read, and the words of its strip.
import { describe, expect, test } from 'vitest';
import { Rate } from '../../../src/page/tray/rate.ts';

describe('a rate', () => {
  test('is unknown until bytes have gone for a while', () => {
    const rate = new Rate();
    expect(rate.value).toBeUndefined();
    rate.sample(0, 1000);
    rate.sample(500, 1010);
    expect(rate.value).toBeUndefined();
    expect(rate.left(100)).toBeUndefined();
  });

  test('is that of steady bytes at once, and tells the time left', () => {
    const rate = new Rate();
    for (let second = 0; second <= 5; second++) rate.sample(second * 2000, second * 1000);
    expect(rate.value).toBeCloseTo(2000);
    expect(rate.left(10_000)).toBeCloseTo(5);
  });

  test('follows a change slowly, and never below nothing', () => {
    const rate = new Rate();
    for (let second = 0; second <= 5; second++) rate.sample(second * 1000, second * 1000);
    rate.sample(5000, 6000);
    expect(rate.value).toBeGreaterThan(500);
    expect(rate.value).toBeLessThan(1000);
    for (let second = 7; second <= 60; second++) rate.sample(5000 - second, second * 1000);
    expect(rate.value).toBeGreaterThanOrEqual(0);
    expect(rate.value).toBeLessThan(1);
    expect(rate.left(10)).toBeUndefined();
  });

  test('begins anew after a pause', () => {
    const rate = new Rate();
    rate.sample(0, 0);
    rate.sample(1000, 1000);
    rate.stop();
    expect(rate.value).toBeUndefined();
    rate.sample(1000, 100_000);
    rate.sample(2000, 101_000);
    expect(rate.value).toBeCloseTo(1000);
  });
});
