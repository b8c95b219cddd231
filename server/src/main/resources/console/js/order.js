// An order as its meter will read it: decoded here, so that what a person approves or signs is what the bytes say and
// not what somebody says of them. The bytes are CBOR written in one way only (RFC 8949, clause 4.2.1).
const MAJOR = { number: 0, negative: 1, bytes: 2, text: 3, array: 4 };
const PURPOSE = 'gridwarden order 1';

export const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
export const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));
export const toHex = (bytes) => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
export const fromHex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  take(n) {
    if (n > this.bytes.length - this.at) throw new Error('it ends too early');
    this.at += n;
    return this.bytes.subarray(this.at - n, this.at);
  }

  /** [major type, its number]; lengths are known beforehand, or it is refused. */
  head() {
    const [first] = this.take(1);
    const size = first & 31;
    if (size > 27) throw new Error('it is not written in the one way');
    let n = size;
    if (size >= 24) {
      n = this.take(1 << (size - 24)).reduce((sum, b) => sum * 256 + b, 0);
      if (!Number.isSafeInteger(n)) throw new Error('a number is too large');
    }
    return [first >> 5, n];
  }

  need(major, what) {
    const [found, n] = this.head();
    if (found !== major) throw new Error(`${what} is missing or of another kind`);
    return n;
  }

  array(length, what) {
    if (this.need(MAJOR.array, what) !== length) throw new Error(`${what} has another length`);
  }

  number(what) {
    const [major, n] = this.head();
    if (major !== MAJOR.number && major !== MAJOR.negative) throw new Error(`${what} is missing or of another kind`);
    return major === MAJOR.number ? n : -1 - n;
  }

  binary(what) {
    return this.take(this.need(MAJOR.bytes, what)).slice();
  }

  text(what) {
    return new TextDecoder('utf-8', { fatal: true }).decode(this.take(this.need(MAJOR.text, what)));
  }

  end() {
    if (this.at !== this.bytes.length) throw new Error('something follows its end');
  }
}

const instant = (seconds) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** Millionths as a decimal text: 287100 is 0.2871. */
export function micros(n) {
  const digits = String(Math.abs(n)).padStart(7, '0');
  const rest = digits.slice(-6).replace(/0+$/, '');
  return `${n < 0 ? '-' : ''}${digits.slice(0, -6)}${rest ? `.${rest}` : ''}`;
}

const PURPOSES = { DLMS_GLOBAL_UNICAST: 'DLMS', DLMS_GLOBAL_BROADCAST: 'DLMS broadcast', COMMAND_SEAL: 'seal' };

/** Which keys, by purpose and id: four items each, of which two are the wrapped key. */
function newKeys(r) {
  const items = r.need(MAJOR.array, 'the keys');
  if (items % 4 || items > 16) throw new Error('the keys have another length');
  return Array.from({ length: items / 4 }, () => {
    const purpose = PURPOSES[r.text('what a key is for')];
    if (!purpose) throw new Error('what a key is for is not known');
    const id = toHex(r.binary("the key's id"));
    r.binary('the wrapped key');
    r.binary('the wrapped authentication key');
    return { purpose, id };
  });
}

const LAYOUTS = {
  'limit-load': (r) => (r.array(2, 'the limit'), { watts: r.number('the limit'), lasting: `PT${r.number('how long it lasts')}S` }),
  'set-price': (r) => (r.array(3, 'the price'), { price: micros(r.number('the price')), currency: r.text('the currency'), from: instant(r.number('from when on')) }),
  'set-tariff': (r) => (r.array(3, 'the tariff'), { calendar: r.text('the calendar'), content: toBase64(r.binary('the content')), from: instant(r.number('from when on')) }),
  'update-firmware': (r) => (r.array(2, 'the firmware'), { version: r.text('the version'), sha256: toHex(r.binary('the hash')) }),
  'change-keys': (r) => ({ keys: newKeys(r) }),
  configure: (r) => (r.array(2, 'the attribute'), { attribute: r.text('the attribute'), value: toBase64(r.binary('the value')) }),
};

/** What an order's bytes say; throws where they are none. */
export function readOrder(bytes) {
  const r = new Reader(bytes);
  r.array(8, 'the order');
  if (r.number('the version') !== 1) throw new Error('it is an order of another version');
  const id = toHex(r.binary('the id')).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const meter = r.text('the meter');
  const action = r.text('the action');
  const inner = new Reader(r.binary('the parameters'));
  const parameters = LAYOUTS[action] ? LAYOUTS[action](inner) : (inner.array(0, 'the parameters'), {});
  inner.end();
  const order = { id, meter, action, parameters, notBefore: instant(r.number('not before')), expires: instant(r.number('the expiry')), operator: r.text('the operator') };
  r.end();
  return order;
}

const head = (major, n) => (n < 24 ? [(major << 5) | n] : n < 256 ? [(major << 5) | 24, n] : [(major << 5) | 25, n >> 8, n & 255]);
const item = (major, bytes) => [...head(major, bytes.length), ...bytes];
const utf8 = (text) => new TextEncoder().encode(text);

/**
 * What a key signs for an order: COSE's Sig_structure (RFC 9052, clause 4.4) over the very bytes that were shown. It is
 * built here, so a server cannot have anything else signed.
 */
export function toBeSigned(order, keyId) {
  const protectedHeader = [0xa2, 0x01, 0x26, 0x04, ...item(MAJOR.bytes, keyId)]; // {alg: ES256, kid}
  return Uint8Array.from([...head(MAJOR.array, 4), ...item(MAJOR.text, utf8('Signature1')), ...item(MAJOR.bytes, protectedHeader), ...item(MAJOR.bytes, utf8(PURPOSE)), ...item(MAJOR.bytes, order)]);
}

/** SHA-256 in groups of four, so that two people can compare by voice; the first `groups` of them. */
export async function fingerprint(bytes, groups = 16) {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return toHex(hash).match(/.{4}/g).slice(0, groups).join(' ');
}
