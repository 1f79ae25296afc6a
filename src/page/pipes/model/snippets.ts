// What joins a program to a pipe: lines to be copied, with this pipe's address in them.

export interface Snippet {
  readonly title: string;
  readonly what: string;
  readonly text: string;
}

export interface Joined {
  /** The service's base URL. */
  readonly base: string;
  readonly pipe: string;
  readonly user: string;
  /** The path of the source in /files, percent-encoded, where it is in this service. */
  readonly files: string | undefined;
}

const CLIENT = ["import { connect } from 'vopipe/client';", "import { pipes } from 'vopipe/client/pipes';"].join('\n');

export function snippetsFor({ base, pipe, user, files }: Joined): readonly Snippet[] {
  const url = `${base}/pipes/${pipe}`;
  return [
    {
      title: 'curl: read',
      what: 'Waits for chunks, and goes on where it was. It asks for the application password.',
      text: `curl -u ${user} -H 'Accept: application/json' '${url}/chunks?timeout=20'
# again from the "state" of the answer:
curl -u ${user} -H 'Accept: application/json' '${url}/chunks?timeout=20&state=STATE'
# or as a live stream:
curl -N -u ${user} -H 'Accept: text/event-stream' '${url}/chunks'`,
    },
    {
      title: 'curl: write',
      what: 'Puts a file into the source folder, and tells the pipe.',
      text: `${files === undefined ? '' : `curl -u ${user} -T stars.csv '${base}/files${files}/stars.csv'\n`}curl -u ${user} -H 'Content-Type: application/json' '${url}/chunks' -d '{"name": "stars.csv"}'`,
    },
    {
      title: 'Command line',
      what: 'After vopipe login: files sent and written, chunks shown as they arrive or downloaded, a program run for each.',
      text: `vopipe login ${base}
vopipe pipe write ${url} -u stars.csv
vopipe pipe tail ${url}
vopipe pipe read ${url} -o downloads --state-file downloads.state
vopipe stage ${url} -g workers -- wc -c {}`,
    },
    {
      title: 'JavaScript',
      what: 'With the client library, in Node, browsers and Workers.',
      text: `${CLIENT}

const space = connect('${base}', { credentials: { user: '${user}', password: process.env.PASSWORD } });
const pipe = pipes(space).open('${pipe}');

await pipe.write({ name: 'hello', data: 'a few bytes' });
for await (const chunk of pipe.read()) {
  console.log(chunk.seq, chunk.name, chunk.size, chunk.state);
  if (chunk.status === 'ready') console.log((await pipe.bytes(chunk)).length);
}`,
    },
    {
      title: 'JavaScript: a worker of a group',
      what: 'Any number of them share the chunks; what one does not finish, another gets.',
      text: `${CLIENT}

const space = connect('${base}', { credentials: { user: '${user}', password: process.env.PASSWORD } });
const pipe = pipes(space).open('${pipe}');
const group = pipe.group('workers');
await group.create({ lease: 30 });
for await (const claim of group.claims()) {
  const bytes = await pipe.bytes(claim.chunk);
  console.log(claim.chunk.name, bytes.length);
  await claim.ack();
}`,
    },
    {
      title: 'Python: read',
      what: 'With nothing but the standard library.',
      text: `import base64, json, os, urllib.request

PIPE = "${url}"
LOGIN = base64.b64encode(f"${user}:{os.environ['PASSWORD']}".encode()).decode()

state = ""
while True:
    request = urllib.request.Request(f"{PIPE}/chunks?timeout=20&state={state}")
    request.add_header("Authorization", f"Basic {LOGIN}")
    request.add_header("Accept", "application/json")
    with urllib.request.urlopen(request, timeout=90) as answer:
        page = json.load(answer)
    for chunk in page["chunks"]:
        print(chunk["seq"], chunk["name"], chunk["status"], chunk["size"], chunk.get("url"))
    state = page["state"]
    if page["closed"]:
        break`,
    },
    {
      title: 'Python: write',
      what: 'A few bytes that travel with the call; larger ones are put into the source folder first, and written by name.',
      text: `import base64, json, os, urllib.request

LOGIN = base64.b64encode(f"${user}:{os.environ['PASSWORD']}".encode()).decode()

chunk = {"name": "hello.txt", "data": base64.b64encode(b"a few bytes").decode()}
request = urllib.request.Request("${url}/chunks", data=json.dumps(chunk).encode(), method="POST")
request.add_header("Authorization", f"Basic {LOGIN}")
request.add_header("Content-Type", "application/json")
request.add_header("Accept", "application/json")
with urllib.request.urlopen(request, timeout=90) as answer:
    print(json.load(answer)["seq"])`,
    },
  ];
}
