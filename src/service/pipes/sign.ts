// Signed URLs for the bytes of chunks: many at once, all with one end.
import { GET_URL_LIFE } from '../../model/limits.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { Sign } from '../../durable/pipe/log/reading.ts';
import type { ObjectKey } from '../../objects/port.ts';
import type { Services } from '../services.ts';
import { placeOfPinned } from './place-of.ts';

export function signer(services: Services): Sign {
  return async (bytes) => {
    const end = services.clock() + GET_URL_LIFE;
    const expires = Math.floor(end / 1000);
    const urls = await Promise.all(
      bytes.map(async ({ home, key, name }) => {
        const place = await placeOfPinned(services, { home: home as SpaceId, key: key as ObjectKey });
        // Whether one opens the bytes of an adopted object is only known when they are looked at.
        if (place.foreign) return undefined;
        return services.objects.sign({ method: 'GET', container: place.container, key: place.key, expires, filename: name });
      }),
    );
    return { urls, expires: new Date(expires * 1000).toISOString() };
  };
}
