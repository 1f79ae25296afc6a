// A reader on one event stream: GET …/chunks with Accept: text/event-stream, as plain bytes on a socket.
import { connect } from 'node:net';
import type { World } from '../world.ts';
import type { Pipe } from './ours.ts';
import { gone, type Reader } from './peer.ts';

/** Waits at the tail. An event with a chunk in it is one whose data names a seq. */
export function openStream(world: World, pipe: Pipe): Promise<Reader> {
  const { hostname, port } = new URL(world.service);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true }, () => {
      const headers = `Host: ${hostname}\r\nAccept: text/event-stream\r\nAuthorization: ${world.authorization}`;
      socket.write(`GET ${pipe.path}/chunks?state=now&urls=0 HTTP/1.1\r\n${headers}\r\n\r\n`);
    });
    let text = '';
    let isOpen = false;
    let waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
    socket.on('data', (data) => {
      text += data.toString('latin1');
      if (!isOpen && text.includes('\r\n\r\n')) {
        if (!text.startsWith('HTTP/1.1 200')) return reject(new Error(text.slice(0, 300)));
        isOpen = true;
        resolve({
          next: () => new Promise((done, failed) => (waiting = { resolve: done, reject: failed })),
          close: () => socket.destroy(),
        });
      }
      const end = text.lastIndexOf('\n\n');
      if (end < 0) return;
      if (text.lastIndexOf('"seq":', end) >= 0) waiting?.resolve();
      text = text.slice(end);
    });
    socket.once('error', reject);
    socket.once('close', () => waiting?.reject(gone()));
  });
}
