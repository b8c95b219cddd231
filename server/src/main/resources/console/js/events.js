// Events as a list: a shape and a word for how bad, what, where, when.
import { h } from './dom.js';
import { clock, dayName, localZone, severityOf, utc } from './format.js';
import { Ago, Id, Severity } from './parts.js';
import { dateOf } from './zone.js';

function When({ event, zone, byDay }) {
  if (!byDay) return h(Ago, { at: event.at, zone });
  const ms = Date.parse(event.at);
  return h('time', { dateTime: event.at, title: `${zone}\n${utc(ms)}` }, clock(ms, zone, { seconds: true }));
}

function Row({ event, zone, byDay, meters }) {
  const level = severityOf(event);
  return h('li.event', { class: `is-${level}` },
    h('span.event-level', h(Severity, { level })),
    h('span.event-what', event.href ? h('a', { href: event.href }, event.text) : event.text, h('span.event-code.mono', event.code)),
    meters && h('span.event-meter', h(Id, { value: event.meter, link: `/meters/${encodeURIComponent(event.meter)}` })),
    h('span.event-when', h(When, { event, zone, byDay })));
}

/** `byDay` sets a head over each civil day of `zone` and tells the times of day; else ages are told. */
export function EventList({ events, zone = localZone, byDay, meters, label = 'Events' }) {
  if (!byDay) return h('ul.events', { 'aria-label': label }, events.map((e) => h(Row, { key: e.id, event: e, zone, meters })));
  const days = new Map();
  for (const event of events) {
    const date = dateOf(Date.parse(event.at), zone);
    days.set(date, [...(days.get(date) || []), event]);
  }
  return [...days].map(([date, list]) => h('section.event-day', { key: date }, h('h3', dayName(Date.parse(list[0].at), zone)), h('ul.events', list.map((e) => h(Row, { key: e.id, event: e, zone, byDay, meters })))));
}
