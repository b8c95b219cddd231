// Words and numbers for people. Times are told in a zone that is named, never in the browser's by accident.
const formats = new Map();

function format(zone, name, options) {
  const key = `${zone}|${name}`;
  let known = formats.get(key);
  if (!known) {
    known = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...options });
    formats.set(key, known);
  }
  return known;
}

const part = (list, type) => list.find((p) => p.type === type)?.value || '';

export const localZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** 24 Nov 2026, 18:15:09 */
export function dateTime(ms, zone = localZone, { seconds = true, year = true } = {}) {
  return format(zone, `dt${seconds}${year}`, {
    day: 'numeric',
    month: 'short',
    ...(year && { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds && { second: '2-digit' }),
  }).format(ms);
}

/** 18:15, and with the zone's word where asked: 18:15 CET */
export function clock(ms, zone = localZone, { seconds = false, name = false } = {}) {
  return format(zone, `c${seconds}${name}`, {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds && { second: '2-digit' }),
    ...(name && { timeZoneName: 'short' }),
  }).format(ms);
}

/** 18:15–18:30 CET; where the clocks go back in between, both names: 02:45 CEST–02:00 CET. */
export function clockRange(start, end, zone) {
  const [from, to] = [clock(start, zone, { name: true }), clock(end, zone, { name: true })];
  return from.slice(5) === to.slice(5) ? `${from.slice(0, 5)}–${to}` : `${from}–${to}`;
}

/** Tue 24 Nov 2026 */
export function dayName(ms, zone = localZone, { year = true, weekday = true } = {}) {
  const parts = format(zone, 'day', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).formatToParts(ms);
  return [weekday && part(parts, 'weekday'), part(parts, 'day'), part(parts, 'month'), year && part(parts, 'year')]
    .filter(Boolean)
    .join(' ');
}

/** 2026-11-24 17:15:09 UTC */
export function utc(ms) {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** 3 min ago; 'just now' under ten seconds; the date past thirty days. */
export function ago(ms, now = Date.now()) {
  const s = Math.round((now - ms) / 1000);
  if (s < -60) return `in ${span(-s)}`;
  if (s < 10) return 'just now';
  if (s > 30 * 86400) return dayName(ms, 'UTC', { weekday: false });
  return `${span(s)} ago`;
}

export function span(seconds) {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} days`;
}

const groups = new Intl.NumberFormat('en-GB');
export const count = (n) => (Number.isFinite(n) ? groups.format(n).replaceAll(',', '\u202f') : '–');
export const plural = (n, one, more = `${one}s`) => `${count(n)} ${n === 1 ? one : more}`;

/** A decimal string from the server, its digits grouped, none lost. */
export function decimal(text) {
  if (text === null || text === undefined || text === '') return '–';
  const [, sign, whole, rest] = /^(-?)(\d+)(\..*)?$/.exec(String(text)) || [];
  if (whole === undefined) return String(text);
  return sign.replace('-', '\u2212') + whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') + (rest || '');
}

/** A number with so many digits after the point. */
export function fixed(n, digits) {
  return Number.isFinite(n) ? decimal(n.toFixed(digits)) : '–';
}

const WORDS = {
  missing: 'Missing',
  estimated: 'Estimated',
  doubtful: 'Doubtful',
  unauthenticated: 'Not authenticated',
  'power-down': 'Power lost',
  'clock-adjusted': 'Clock set',
  'clock-invalid': 'Clock uncertain',
  derived: 'Derived',
  held: 'Held back from billing',
};

/** The API's quality words in the console's spelling, whatever their case. */
export const qualities = (list) =>
  (list || []).map((word) => String(word).toLowerCase().replaceAll('_', '-')).filter((word) => word !== 'good');
export const qualityWord = (word) => WORDS[word] || word;

export const severityOf = (event) => String(event.severity || 'info').toLowerCase();
export const stateOf = (thing) => String(thing?.state || '').toLowerCase();
export const title = (word) => word.charAt(0).toUpperCase() + word.slice(1);
export const lower = (word) => word.charAt(0).toLowerCase() + word.slice(1);
