// The power strips at one's own: what is plugged in where, whether it is in use, and what it took today. Nothing where there are none.
import { h } from '../dom.js';
import { asPage, get, useResource } from '../api.js';
import { OutletTable } from '../pages/outlets-card.js';

const MOST = 20;

async function strips(signal) {
  const meters = asPage(await get('/meters', {}, signal)).items.slice(0, MOST);
  const all = await Promise.all(meters.map(async (meter) => ({ meter, outlets: asPage(await get(`/meters/${encodeURIComponent(meter.id)}/outlets`, {}, signal)).items })));
  return all.filter((strip) => strip.outlets.length);
}

export function OwnStrips() {
  const list = useResource('own-strips', strips, { every: 60000 });
  return (list.data || []).map(({ meter, outlets }) => h('section.card.outlets', { key: meter.id },
    h('header.card-head', h('h2', 'Power strip'), h('span.dim.push', meter.id)),
    h(OutletTable, { items: outlets, zone: meter.zone })));
}
