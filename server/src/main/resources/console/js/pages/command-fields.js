// The parameters and times that a command is given, from what stands in its fields.
import { h, many } from '../dom.js';
import { Field, Segments } from '../parts.js';
import { instantOf } from '../zone.js';

const HOURS = [['1', '1 h'], ['2', '2 h'], ['4', '4 h'], ['24', '24 h']];
const PRICE = /^-?\d{1,6}(\.\d{1,6})?$/;

/** The instant that a wall in the zone shows this datetime-local text; '' for none, undefined where it is no time. */
function at(text, zone) {
  if (!text) return '';
  const wall = Date.parse(`${text}Z`);
  return Number.isNaN(wall) ? undefined : new Date(instantOf(wall, zone)).toISOString();
}

/** The API's parameters, or undefined while they are not whole. */
export function parametersOf(action, fields, zone) {
  if (action === 'limit-load') {
    const watts = Number(fields.watts);
    const hours = Number(fields.hours ?? 2);
    if (!/^\d{1,7}$/.test(fields.watts || '') || watts > 1000000 || !(hours > 0 && hours <= 9600)) return undefined;
    return { watts, lasting: `PT${Math.round(hours * 3600)}S` };
  }
  if (action === 'set-price') {
    const from = at(fields.from, zone);
    if (!PRICE.test((fields.price || '').trim()) || !/^[A-Z]{3}$/.test(fields.currency || 'CHF') || !from) return undefined;
    return { price: fields.price.trim(), currency: fields.currency || 'CHF', from };
  }
  return {};
}

/** {notBefore?, expires?}, or undefined where they do not follow each other. */
export function whenOf(fields, zone) {
  const [notBefore, expires] = [fields.later ? at(fields.notBefore, zone) : '', fields.later ? at(fields.expires, zone) : ''];
  if (notBefore === undefined || expires === undefined || (notBefore && expires && expires <= notBefore)) return undefined;
  return { ...(notBefore && { notBefore }), ...(expires && { expires }) };
}

export function Parameters({ action, fields, set, zone }) {
  if (action === 'limit-load') {
    const hours = String(fields.hours ?? 2);
    return h('div.form.act-fields',
      h(Field, { label: 'At most', hint: 'Watts, 0 to 1,000,000' }, h('span.with-unit', h('input', { type: 'text', inputMode: 'numeric', value: fields.watts || '', autocomplete: 'off', onInput: (e) => set({ watts: e.currentTarget.value.trim() }) }), h('span.unit', 'W'))),
      h('div.field', h('span.field-label', 'For'), h('div.act-row', h(Segments, { label: 'How long', value: hours, options: HOURS, onPick: (n) => set({ hours: n }) }),
        h('span.with-unit', h('input', { type: 'text', inputMode: 'decimal', value: hours, 'aria-label': 'Hours', autocomplete: 'off', onInput: (e) => set({ hours: e.currentTarget.value.trim() }) }), h('span.unit', 'h')))));
  }
  if (action === 'set-price') {
    return h('div.form.act-fields',
      h('div.act-row',
        h(Field, { label: 'A kWh costs', hint: 'With a point: 0.2871' }, h('input', { type: 'text', inputMode: 'decimal', value: fields.price || '', autocomplete: 'off', onInput: (e) => set({ price: e.currentTarget.value }) })),
        h(Field, { label: 'Currency', hint: 'Three letters' }, h('input.short', { type: 'text', maxLength: 3, value: fields.currency ?? 'CHF', autocapitalize: 'characters', onInput: (e) => set({ currency: e.currentTarget.value.toUpperCase() }) }))),
      h(Field, { label: 'From', hint: `By the meter’s wall: ${zone}` }, h('input', { type: 'datetime-local', value: fields.from || '', onInput: (e) => set({ from: e.currentTarget.value }) })));
  }
  return null;
}

export function When({ fields, set, zone, bad }) {
  return many(
    h(Segments, { label: 'When', value: fields.later ? 'later' : 'now', options: [['now', 'As soon as it may'], ['later', 'At a time']], onPick: (v) => set({ later: v === 'later' }) }),
    fields.later ? h('div.form.act-fields',
      h(Field, { label: 'Not before', hint: `By the meter’s wall: ${zone}` }, h('input', { type: 'datetime-local', value: fields.notBefore || '', onInput: (e) => set({ notBefore: e.currentTarget.value }) })),
      h(Field, { label: 'Expires', hint: 'Not done then or later. Empty: as long after as the policy says.', error: bad ? 'It expires after it may be done.' : undefined }, h('input', { type: 'datetime-local', value: fields.expires || '', onInput: (e) => set({ expires: e.currentTarget.value }) })))
      : h('p.dim.act-fields', 'Switching commands of one feeder are spread in time; the order expires after what the policy says.'));
}
