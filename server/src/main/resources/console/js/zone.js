// Civil time in a named zone. A day is from midnight to midnight there: 92, 96 or 100 quarter-hours long.
const parts = new Map();

function formatter(zone) {
  let known = parts.get(zone);
  if (!known) {
    known = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
    parts.set(zone, known);
  }
  return known;
}

/** The wall's reading at an instant, as if it were UTC, in milliseconds. */
function wall(ms, zone) {
  const field = {};
  for (const { type, value } of formatter(zone).formatToParts(ms)) field[type] = Number(value);
  return Date.UTC(field.year, field.month - 1, field.day, field.hour, field.minute, field.second);
}

/** Minutes east of Greenwich at an instant. */
export const offsetAt = (ms, zone) => Math.round((wall(ms, zone) - Math.floor(ms / 1000) * 1000) / 60000);

/** The instant at which a wall in the zone shows this; a skipped time moves forward, a repeated one is the first. */
export function instantOf(wallMs, zone) {
  const first = wallMs - offsetAt(wallMs - 86400000, zone) * 60000;
  const second = wallMs - offsetAt(wallMs + 86400000, zone) * 60000;
  for (const at of [Math.min(first, second), Math.max(first, second)]) {
    if (at + offsetAt(at, zone) * 60000 === wallMs) return at;
  }
  return Math.max(first, second);
}

const DAY = 86400000;

// A civil date is YYYY-MM-DD.
export const dateOf = (ms, zone) => new Date(wall(ms, zone)).toISOString().slice(0, 10);
export const isDate = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text || '') && !Number.isNaN(Date.parse(text));
export const startOf = (date, zone) => instantOf(Date.parse(date), zone);
export const plusDays = (date, n) => new Date(Date.parse(date) + n * DAY).toISOString().slice(0, 10);

export function plusMonths(date, n) {
  const d = new Date(Date.parse(date));
  const first = Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + n, 1);
  const last = Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + n + 1, 0);
  return new Date(Math.min(first + (d.getUTCDate() - 1) * DAY, last)).toISOString().slice(0, 10);
}

/** The first date of the day, week (from Monday) or month that holds `date`, and the first one after it. */
export function period(span, date) {
  if (span === 'month') {
    const first = `${date.slice(0, 7)}-01`;
    return { first, after: plusMonths(first, 1) };
  }
  if (span === 'week') {
    const first = plusDays(date, -((new Date(Date.parse(date)).getUTCDay() + 6) % 7));
    return { first, after: plusDays(first, 7) };
  }
  return { first: date, after: plusDays(date, 1) };
}

export const step = (span, date, n) => (span === 'month' ? plusMonths(`${date.slice(0, 7)}-01`, n) : plusDays(date, span === 'week' ? 7 * n : n));

/**
 * The zone's offsets over a range as [from, minutes] pairs, so that thousands of slots need no thousands of look-ups.
 */
export function offsets(from, to, zone) {
  const list = [[from, offsetAt(from, zone)]];
  const grain = 900000; // offsets change on quarter-hours
  for (let at = from; at < to; at += DAY) {
    const end = Math.min(at + DAY, to);
    const before = list.at(-1)[1];
    if (offsetAt(end, zone) === before) continue;
    let low = Math.floor(at / grain);
    let high = Math.ceil(end / grain);
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (offsetAt(middle * grain, zone) === before) low = middle;
      else high = middle;
    }
    list.push([high * grain, offsetAt(high * grain, zone)]);
  }
  return list;
}

/** What a wall shows at `ms`, as if UTC, by a table of `offsets`. */
export function wallBy(table, ms) {
  let minutes = table[0][1];
  for (const [from, offset] of table) if (ms >= from) minutes = offset;
  return ms + minutes * 60000;
}
