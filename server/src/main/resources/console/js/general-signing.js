// What a key signs for a meter that checks operators' signatures by itself: the fields of a DLMS general-signing APDU
// (IEC 62056-5-3, clause 9.2.7.2.5), made here of the order that was shown, so that no server can have anything else signed.
import { fromBase64, fromHex } from './order.js';

const BREAKER = [0, 0, 96, 3, 10, 255];
const ACTION_REQUEST = 0xc3;
const SET_REQUEST = 0xc1;
const NORMAL = 0x01;
const INVOKE = 0xc1; // 1, confirmed, high priority
const TITLE = 8;
const LETTERS = [0x47, 0x57, 0x4f]; // GWO: the title of an operator's key, with the first five bytes of its id

/** Bytes with their length before them, as A-XDR has it. */
function octets(bytes) {
  const n = bytes.length;
  if (n > 0xffff) throw new Error('it is too long to be signed');
  return [...(n < 0x80 ? [n] : n < 0x100 ? [0x81, n] : [0x82, n >> 8, n & 255]), ...bytes];
}

const big = (seconds) => [...new Uint8Array(new BigUint64Array([BigInt(seconds)]).buffer)].reverse();
const seconds = (iso) => Math.floor(Date.parse(iso) / 1000);
const breaker = (method) => [ACTION_REQUEST, NORMAL, INVOKE, 0, 70, ...BREAKER, method, 1, 0x0f, 0];

function configure({ attribute, value }) {
  const [object, classId, index] = attribute.split(':');
  const groups = object.split('.').map(Number);
  if (groups.some((g) => g > 255) || classId > 0xffff || index > 255) throw new Error('there is no such attribute');
  return [SET_REQUEST, NORMAL, INVOKE, classId >> 8, classId & 255, ...groups, Number(index), 0, ...fromBase64(value)];
}

const REQUESTS = { disconnect: () => breaker(1), connect: () => breaker(2), arm: () => breaker(2), configure };

/** A time as twelve bytes, in UTC. */
function dateTime(at) {
  const d = new Date(at);
  const year = d.getUTCFullYear();
  return [year >> 8, year & 255, d.getUTCMonth() + 1, d.getUTCDate(), d.getUTCDay() || 7, d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds(), 0, 0, 0, 0];
}

/** The other information: version, id, the meter's name, not before, expiry. */
function information(order, id) {
  const name = new TextEncoder().encode(order.meter);
  if (!name.length || name.length > 64 || name.some((c) => c <= 32 || c >= 127)) throw new Error('the meter’s name is not one of ASCII, which it could compare');
  return [0x02, 5, 0x11, 1, 0x09, ...octets(id), 0x0a, ...octets(name), 0x15, ...big(seconds(order.notBefore)), 0x15, ...big(seconds(order.expires))];
}

/** Whether a single DLMS request does what is ordered. */
export const dlmsDoes = (action) => Boolean(REQUESTS[action]);

/**
 * The bytes to sign of an order as `readOrder` gives it. `meterTitle`: 8 bytes; `at`: when it is signed, ISO 8601 with
 * whole seconds.
 */
export function dlmsToBeSigned(order, keyId, meterTitle, at) {
  if (meterTitle.length !== TITLE) throw new Error('the meter has no system title of 8 bytes');
  if (!dlmsDoes(order.action)) throw new Error(`no single DLMS request does '${order.action}'`);
  const id = [...fromHex(order.id.replaceAll('-', ''))];
  return Uint8Array.from([...octets(id), ...octets([...LETTERS, ...keyId.slice(0, 5)]), ...octets(meterTitle), ...octets(dateTime(at)), ...octets(information(order, id)), ...octets(REQUESTS[order.action](order.parameters))]);
}
