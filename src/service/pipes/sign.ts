// Signed URLs for the bytes of chunks: many at once, all with one end.
import { GET_URL_LIFE } from '../../model/limits.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { Sign } from '../../durable/pipe/log/reading.ts';
import type { ObjectKey, StoreContainer } from '../../objects/port.ts';
import type { Services } from '../services.ts';

/** Stands for the container that a home's name replaces. */
const NOWHERE: StoreContainer = { name: '', epoch: 0 };

export function signer(services: Services): Sign {
  return async (bytes) => {
    const end = services.clock() + GET_URL_LIFE;
    const expires = Math.floor(end / 1000);
    const urls = await Promise.all(
      bytes.map(async ({ home, key, name }) => {
        const place = await services.spaces.placeOf({ container: NOWHERE, home: home as SpaceId, key: key as ObjectKey });
        // Whether one opens the bytes of an adopted object is only known when they are looked at.
        if (place.foreign) return undefined;
        return services.objects.sign({ method: 'GET', container: place.container, key: place.key, expires, filename: name });
      }),
    );
    return { urls, expires: new Date(expires * 1000).toISOString() };
  };
}
