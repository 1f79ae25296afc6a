// What the service offers to programs: VOSI capabilities, with their URLs.
import { session } from '../app/spaces.ts';
import { Failure, Loading } from '../kit/states.tsx';
import { useLoaded } from '../kit/use-loaded.ts';

export function Capabilities() {
  const { value, trouble, again } = useLoaded(async (signal) => {
    const { endpoints, codec, wire } = await session();
    const answer = await wire.ask({ method: 'GET', url: `${endpoints.base}/capabilities`, headers: { Accept: codec.mediaType }, signal });
    return codec.parseCapabilities(answer.text);
  }, []);
  return (
    <section class="card" aria-labelledby="capabilities">
      <h2 id="capabilities">Capabilities</h2>
      <p class="soft">What programs can ask of this service.</p>
      {trouble && <Failure trouble={trouble} retry={again} />}
      {!value && !trouble && <Loading what="capabilities" />}
      <ul class="service-list">
        {value?.map(({ standardID, interfaces }) => (
          <li key={standardID}>
            <code class="cut">{standardID}</code>
            <span class="soft cut">{interfaces[0]?.url}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
