// Client certificates: whose word counts, and the spellings of one name.
import { describe, expect, it } from 'vitest';
import { canonicalName } from '../../../src/auth/distinguished-name.ts';
import { makeConfig, request, setUp } from './support.ts';

const ADA = 'CN=Ada Lovelace,OU=Analysts,O=Example,C=GB';
const VARS = { CERTIFICATE_USERS: '/C=GB/O=Example/OU=Analysts/CN=Ada Lovelace = ada' };
const GOOD = { certPresented: '1', certVerified: 'SUCCESS', certRevoked: '0', certSubjectDNRFC2253: ADA };

function withCertificate(tlsClientAuth: unknown, headers: Record<string, string> = {}): Request {
  return Object.assign(request(headers), { cf: { tlsClientAuth } });
}

describe('a client certificate', () => {
  it('that is verified and mapped is its user', async () => {
    const { authenticate, directory } = setUp(VARS);
    expect(await authenticate(withCertificate(GOOD))).toEqual({ kind: 'user', id: 'ada', groups: [], admin: false });
    expect(directory.ensured).toEqual([{ id: 'ada', origin: 'certificate', claimed: [] }]);
  });

  it.each([
    ['failed verification', { ...GOOD, certVerified: 'FAILED:self signed certificate' }],
    ['was not verified', { ...GOOD, certVerified: 'NONE' }],
    ['has a verification that is no text', { ...GOOD, certVerified: true }],
    ['is revoked', { ...GOOD, certRevoked: '1' }],
    ['is of somebody else', { ...GOOD, certSubjectDNRFC2253: 'CN=Ada Lovelace,OU=Analysts,O=Evil,C=GB' }],
    ['has more parts', { ...GOOD, certSubjectDNRFC2253: `CN=proxy,${ADA}` }],
    ['hides the name in one part', { ...GOOD, certSubjectDNRFC2253: 'CN=x/C\\=GB/O\\=Example/OU\\=Analysts/CN\\=Ada Lovelace' }],
    ['has no subject', { certPresented: '1', certVerified: 'SUCCESS' }],
    [
      'has the subject in another field only',
      { ...GOOD, certSubjectDNRFC2253: undefined, certSubjectDNLegacy: '/C=GB/O=Example/OU=Analysts/CN=Ada Lovelace' },
    ],
  ])('that %s is refused', async (_, certificate) => {
    await expect(setUp(VARS).authenticate(withCertificate(certificate))).rejects.toMatchObject({
      fault: 'NotAuthenticated',
      headers: { 'WWW-Authenticate': 'Basic realm="example.org~vospace", charset="UTF-8", ivoa_x509' },
    });
  });

  it('that is not mapped is named in the refusal', async () => {
    const stranger = withCertificate({ ...GOOD, certSubjectDNRFC2253: 'CN=Eve, O=Example' });
    await expect(setUp(VARS).authenticate(stranger)).rejects.toMatchObject({
      detail: 'the certificate of CN=Eve,O=Example is not known here',
    });
  });

  it.each([
    ['no object of the platform', undefined],
    ['placeholders of the platform', { certPresented: '0', certVerified: 'NONE', certRevoked: '0', certSubjectDNRFC2253: '' }],
    ['a subject without a certificate', { ...GOOD, certPresented: '0' }],
  ])('does not come from headers: %s is anonymous', async (_, certificate) => {
    const headers = {
      'X-Client-Cert': 'x',
      'X-SSL-Client-Cert': 'x',
      'X-SSL-Client-Verify': 'SUCCESS',
      'X-SSL-Client-S-DN': ADA,
      'SSL-Client-S-DN': ADA,
      'Cf-Client-Cert-Subject-Dn-Rfc2253': ADA,
      'Cf-Client-Cert-Verified': 'true',
      'Client-Cert': ':x:',
      'X-Forwarded-Client-Cert': `Subject="${ADA}"`,
    };
    expect(await setUp(VARS).authenticate(withCertificate(certificate, headers))).toEqual({ kind: 'anonymous' });
  });

  it('says nothing where no certificate is mapped', async () => {
    expect(await setUp().authenticate(withCertificate(GOOD))).toEqual({ kind: 'anonymous' });
  });

  it('does not help a wrong Authorization header', async () => {
    await expect(setUp(VARS).authenticate(withCertificate(GOOD, { Authorization: 'Basic YTpi' }))).rejects.toMatchObject({
      fault: 'NotAuthenticated',
    });
  });

  it('of a user that has been deleted is refused within 30 seconds', async () => {
    const { authenticate, directory, clock } = setUp(VARS);
    await authenticate(withCertificate(GOOD));
    directory.deleted.add('ada');
    clock.pass(30);
    await expect(authenticate(withCertificate(GOOD))).rejects.toMatchObject({ fault: 'NotAuthenticated' });
  });

  it('with a bad line in the configuration stops the start with its name', () => {
    expect(makeConfig({ CERTIFICATE_USERS: 'nonsense = ada' }).certificateUsers.size).toBe(1);
    expect(() => setUp({ CERTIFICATE_USERS: 'nonsense = ada' })).toThrow('CERTIFICATE_USERS: "nonsense"');
    expect(() => setUp({ CERTIFICATE_USERS: 'CN=Ada = ../ada' })).toThrow('CERTIFICATE_USERS: "../ada"');
  });
});

describe('a distinguished name', () => {
  it.each([
    [ADA],
    ['CN=Ada Lovelace, OU=Analysts, O=Example, C=GB'],
    ['cn = Ada  Lovelace ; ou=Analysts;o=Example;c=GB'],
    ['2.5.4.3=Ada Lovelace,2.5.4.11=Analysts,2.5.4.10=Example,2.5.4.6=GB'],
    ['CN="Ada Lovelace",OU="Analysts",O=Example,C=GB'],
    ['CN=\\41da Lovelace,OU=Analysts,O=Example,C=GB'],
    ['/C=GB/O=Example/OU=Analysts/CN=Ada Lovelace'],
    ['/c=GB/o=Example/ou=Analysts/cn=Ada Lovelace '],
  ])('has one spelling: %s', (text) => {
    expect(canonicalName(text)).toBe(ADA);
  });

  it.each([
    ['CN=L. Eagle,O=Sue\\, Grabbit and Runn,C=GB', '/C=GB/O=Sue, Grabbit and Runn/CN=L. Eagle'],
    ['OU=Sales+CN=J. Smith,O=Widget', 'CN=J. Smith+OU=Sales,O=Widget'],
    ['CN=Lu\\C4\\8Di\\C4\\87', 'CN=Lučić'],
    ['CN=Robot/www.example.org,DC=example', '/DC=example/CN=Robot/www.example.org'],
    ['1.2.840.113549.1.9.1=ada@example.org,CN=Ada', '/CN=Ada/emailAddress=ada@example.org'],
    ['CN="a\\"b, c",O=x', 'CN=a\\"b\\, c,O=x'],
  ])('is the same as %s: %s', (one, other) => {
    expect(canonicalName(one)).toBeDefined();
    expect(canonicalName(one)).toBe(canonicalName(other));
  });

  it.each([
    [ADA, 'C=GB,O=Example,OU=Analysts,CN=Ada Lovelace'],
    ['CN=ada', 'CN=Ada'],
    ['CN=a\\,O\\=b', 'CN=a,O=b'],
    ['CN=a+O=b', 'CN=a,O=b'],
    ['CN=x\\\\', 'CN=x\\ '],
  ])('is another than %s: %s', (one, other) => {
    expect(canonicalName(one)).toBeDefined();
    expect(canonicalName(other)).toBeDefined();
    expect(canonicalName(one)).not.toBe(canonicalName(other));
  });

  it.each([
    '',
    ' ',
    'Ada',
    'CN=',
    '=Ada',
    'CN=Ada,',
    ',CN=Ada',
    'CN=Ada,,C=GB',
    'CN="Ada',
    'CN="Ada"x',
    'CN=\\ff',
    'CN=a\u0000b',
    '/CN',
    'C N=Ada',
    'CN=a\\',
  ])('is not: %j', (text) => {
    expect(canonicalName(text)).toBeUndefined();
  });

  it('in its one spelling is read as itself', () => {
    for (const text of ['CN=a\\+b\\=c\\\\,O=\\#x', ADA]) expect(canonicalName(canonicalName(text) ?? '')).toBe(canonicalName(text));
  });
});
