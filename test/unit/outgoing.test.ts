// Which addresses the service may talk to for its users: a table of URLs, the harmless and the hostile.
import { describe, expect, test } from 'vitest';
import { asFault } from '../../src/faults.ts';
import { checkOutgoing, parseHostRule } from '../../src/model/outgoing.ts';

const rules = {
  hosts: [
    'data.example.org',
    'archive.example.org:9443',
    '*.example.net',
    '127.0.0.1:9000',
    '[::1]:9001',
    'store:8080',
    'plain.internal',
  ].map(parseHostRule),
  trusted: ['https://registry.example:8444'],
  own: ['https://vos.example.net', 'http://127.0.0.1:9002'],
};

describe('an address is allowed', () => {
  test.each([
    'https://data.example.org/a',
    'https://DATA.example.org/a',
    'HTTPS://data.example.org/a',
    'https://data.example.org:443/a?b=c#d',
    'https://data.example.org:8443/a',
    'http://data.example.org/a',
    'http://data.example.org:80/a',
    'https://archive.example.org:9443/',
    'http://archive.example.org:9443/',
    'https://a.example.net/',
    'https://a.b.example.net:8443/',
    'http://127.0.0.1:9000/x',
    'http://[::1]:9001/x',
    'http://store:8080/v1/x',
    'https://plain.internal/x',
    'https://registry.example:8444/capabilities',
    'https://a.example.net/%2e%2e/x?next=http://127.0.0.1/',
  ])('%s', (url) => {
    expect(checkOutgoing(url, rules).href).toBe(new URL(url).href);
  });
});

describe('an address is refused', () => {
  test.each([
    // Not on the list.
    'https://example.org/',
    'https://evil.example/',
    'https://data.example.org.evil.example/',
    'https://evildata.example.org/',
    'https://notexample.net/',
    'https://example.net/',
    'https://example.net.evil.example/',
    'https://a-example.net/',
    // Ports.
    'https://data.example.org:22/',
    'https://data.example.org:80/',
    'http://data.example.org:443/',
    'http://data.example.org:8080/',
    'https://archive.example.org/',
    'https://a.example.net:9443/',
    'https://a.example.net:65536/',
    'http://127.0.0.1:9003/',
    'http://127.0.0.1/',
    'http://store/',
    'https://registry.example/',
    // Plain http where only https is allowed.
    'http://a.example.net/',
    'http://registry.example:8444/',
    // Other schemes.
    'ftp://data.example.org/',
    'file:///etc/passwd',
    'data:text/plain,x',
    'blob:https://data.example.org/1',
    'gopher://data.example.org/',
    'javascript:alert(1)',
    'ws://data.example.org/',
    'vos://data.example.org~x/a',
    '//data.example.org/a',
    'data.example.org/a',
    '/etc/passwd',
    '',
    'https:',
    'https://',
    'https:///data.example.org/',
    'https:data.example.org/',
    // Addresses in their many spellings.
    'http://127.0.0.1:9000.evil.example/',
    'http://2130706433:9000/',
    'http://0x7f000001:9000/',
    'http://0x7f.1:9000/',
    'http://0177.0.0.1:9000/',
    'http://017700000001:9000/',
    'http://127.1:9000/',
    'http://127.0.1:9000/',
    'http://127.0.0.1.:9000/',
    'http://①②⑦.0.0.1:9000/',
    'http://%31%32%37.0.0.1:9000/',
    'http://0.0.0.0:9000/',
    'http://0:9000/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.64.0.1/',
    'http://[::1]/',
    'http://[0:0:0:0:0:0:0:1]:9001/',
    'http://[::ffff:127.0.0.1]:9000/',
    'http://[::ffff:7f00:1]:9000/',
    'http://[::127.0.0.1]:9000/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://[::]/',
    'http://[64:ff9b::7f00:1]/',
    'http://255.255.255.255/',
    // Local names.
    'http://localhost/',
    'http://localhost:9000/',
    'http://localhost.:9000/',
    'http://a.localhost/',
    'https://printer.local/',
    'https://vault.internal/',
    'https://metadata.google.internal/',
    'https://intranet/',
    'https://STORE/',
    // Spellings.
    'https://data.example.org./',
    'https://a.example.net./',
    'https://d%61ta.example.org/',
    'https://data.example。org/',
    'https://ｄata.example.org/',
    'https://data.example.org\\@evil.example/',
    'https://data.example.org\t/',
    'https://data.exam\nple.org/',
    ' https://data.example.org/',
    'https://data.example.org/a b',
    'https://data.example.org/\u0000',
    // Somebody's name and password.
    'https://user@data.example.org/',
    'https://user:pass@data.example.org/',
    'https://data.example.org@evil.example/',
    'https://@data.example.org/',
    'https://:@data.example.org/',
    // The service itself.
    'https://vos.example.net/vos/files/a',
    'https://VOS.example.net:443/',
    'http://127.0.0.1:9002/',
    `https://data.example.org/${'a'.repeat(9000)}`,
  ])('%j', (url) => {
    const found = (() => {
      try {
        return checkOutgoing(url, rules);
      } catch (error) {
        return asFault(error)?.fault;
      }
    })();
    expect(found).toBe('TransferFailed');
  });

  test('wherever it leads, when the list is empty', () => {
    for (const url of ['https://data.example.org/', 'https://registry.example:8444/'])
      expect(() => checkOutgoing(url, { ...rules, hosts: [] })).toThrow('TRANSFER_HOSTS is empty');
  });

  test('with a text that names the host and neither path nor query', () => {
    expect(() => checkOutgoing('https://evil.example/path?secret=1', rules)).toThrow(/^TransferFailed evil\.example is not among/);
  });
});

test.each([
  '',
  'a b',
  'http://data.example.org',
  'data.example.org/',
  'data.example.org:0',
  'data.example.org:70000',
  'user@host',
  '*',
  '*.',
  '*.com:443',
  '*.internal',
  '*.local',
  '*.1.2.3.4',
  '*.host',
  '127.1',
  '0x7f.0.0.1',
  'host.',
  '[::ffff:127.0.0.1]',
  'a%61',
])('%j is not a host that can be listed', (text) => {
  expect(() => parseHostRule(text)).toThrow();
});
