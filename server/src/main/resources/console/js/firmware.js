// A campaign as a picture: a bar a ring, in it its meters by how they are; figures and words beside it.
import { h } from './dom.js';
import { count, plural } from './format.js';
import { Mark } from './icons.js';

export const campaignPath = (id) => `/firmware/campaigns/${encodeURIComponent(id)}`;

const STATES = { RUNNING: ['Runs', 'info'], STOPPED: ['Stopped', 'fault'], DONE: ['Done', 'fine'] };

export function CampaignMark({ campaign }) {
  const [word, mark] = STATES[campaign.state] || [campaign.state, 'info'];
  return h('span.state', { class: `is-${mark}` }, h(Mark, { state: mark }), word);
}

/** Of a ring: key, name, the pattern's class. */
const PARTS = [['updated', 'updated', 'ring-updated'], ['pending', 'to come', 'ring-pending'], ['lost', 'lost', 'ring-lost'], ['leftOut', 'left out', 'ring-out']];

export const ringName = (i, rings) => (i === 0 && rings > 1 ? 'Canaries' : i === rings - 1 ? 'All' : `Ring ${i + 1}`);

export function Legend() {
  return h('ul.plain.ring-legend', PARTS.map(([key, name, look]) => h('li', { key }, h('i', { class: look, 'aria-hidden': 'true' }), name)));
}

/** A bar a ring; the rings that are not released yet are outlined only. */
export function Rings({ report, large }) {
  const { rings } = report;
  return h('ol.plain.rings', { class: large ? 'is-large' : undefined }, rings.map((ring, i) => {
    const words = PARTS.filter(([key]) => ring[key] > 0).map(([key, name]) => `${count(ring[key])} ${name}`).join(', ');
    return h('li', { key: i, class: ring.released ? undefined : 'is-later' },
      h('span.ring-name', ringName(i, rings.length)),
      h('div.ring-bar', { role: 'img', 'aria-label': `${ringName(i, rings.length)}, ${plural(ring.meters, 'meter')}: ${ring.released ? words : 'not its turn yet'}` }, PARTS.map(([key, , look]) => ring[key] > 0 && h('i', { key, class: look, style: { flexGrow: ring[key] } }))),
      h('span.ring-figures', h('strong', count(ring.updated)), ` of ${count(ring.meters)}`, ring.lost > 0 && h('span.state.is-fault', h(Mark, { state: 'fault' }), `${count(ring.lost)} lost`)));
  }));
}
