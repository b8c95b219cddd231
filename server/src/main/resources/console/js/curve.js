// One meter's interval data as a curve has it: every slot of the range in its place, known or not.
import { qualities } from './format.js';
import { offsets, wallBy } from './zone.js';

/**
 * The whole grid of slots from `from` to `to` (milliseconds). A slot that the answer does not hold is missing when its
 * end lies before `now`, and otherwise not due yet.
 */
export function grid(answer, from, to, now = Date.now()) {
  const step = (answer.intervalSeconds || 900) * 1000;
  const known = new Map((answer.slots || []).map((slot) => [Date.parse(slot.start), slot]));
  const slots = [];
  for (let start = from; start < to; start += step) {
    const slot = known.get(start);
    const words = qualities(slot?.quality);
    const empty = !slot || slot.value === null || slot.value === undefined || words.includes('missing');
    slots.push({
      start,
      end: start + step,
      text: empty ? null : String(slot.value),
      value: empty ? null : Number(slot.value),
      quality: empty ? (start + step <= now || slot ? ['missing'] : []) : words,
      due: start + step <= now,
    });
  }
  return { slots, step, from, to, unit: answer.unit || '', zone: answer.zone || 'UTC' };
}

const ENERGY = /^(k|M)?(Wh|varh|VAh)$/;

/** Energy over an interval can be told as the power that it averages to. */
export const isEnergy = (unit) => ENERGY.test(unit);

/** How values are shown: {unit, of(value), digits}. */
export function scale(curve, as) {
  const match = ENERGY.exec(curve.unit);
  if (!match) return { unit: curve.unit, of: (v) => v, digits: undefined };
  const kilo = { undefined: 1e-3, k: 1, M: 1e3 }[match[1]];
  const base = match[2];
  if (as === 'power') {
    const perHour = 3600000 / curve.step;
    return { unit: `k${base.slice(0, -1)}`, of: (v) => v * kilo * perHour, digits: 3 };
  }
  return { unit: `k${base}`, of: (v) => v * kilo, digits: 3 };
}

/** Sum, peak, mean and how complete it is. */
export function summary(curve) {
  let sum = 0;
  let peak;
  let have = 0;
  let due = 0;
  const marks = new Map();
  for (const slot of curve.slots) {
    if (slot.due) due++;
    for (const word of slot.quality) marks.set(word, (marks.get(word) || 0) + 1);
    if (slot.value === null) continue;
    have++;
    sum += slot.value;
    if (!peak || slot.value > peak.value) peak = slot;
  }
  return { sum, peak, have, due: Math.max(due, have), all: curve.slots.length, marks };
}

/** The values of `earlier` laid under `curve` by wall time, `days` later; null where the wall showed no such time. */
export function overlay(curve, earlier, days) {
  const here = offsets(curve.from, curve.to, curve.zone);
  const there = offsets(earlier.from, earlier.to, curve.zone);
  const shift = days * 86400000;
  const byWall = new Map();
  for (const slot of earlier.slots) byWall.set(wallBy(there, slot.start) + shift, slot.value);
  return curve.slots.map((slot) => byWall.get(wallBy(here, slot.start)) ?? null);
}
