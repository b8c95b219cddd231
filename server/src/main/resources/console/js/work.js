// What the pages of work in the field have in common.
import { h } from './dom.js';
import { may } from './session.js';
import { title } from './format.js';
import { Mark } from './icons.js';
import { Ago } from './parts.js';

/** Who orders, does and closes work. */
export const worksInField = (who) => ['operator', 'MANAGE_METERS', 'SERVE_CUSTOMERS'].some((word) => may(who, word));

const STATES = { open: ['attention', 'Open'], assigned: ['info', 'Assigned'], done: ['muted', 'Done'], cancelled: ['muted', 'Cancelled'] };

export function WorkState({ order }) {
  const [mark, word] = STATES[order.state] || STATES.open;
  return h('span.state', { class: `is-${mark}` }, h(Mark, { state: mark }), word);
}

export const kindWord = (kind) => title(kind.replaceAll('-', ' '));

/** When it is due; an open one that is late says so. */
export function Due({ order }) {
  if (!order.due) return h('span.dim', '–');
  const late = !order.closed && Date.parse(order.due) < Date.now();
  return h('span.contact', { class: late ? 'is-attention' : '' }, late && h(Mark, { state: 'attention' }), late && 'Late, ', h(Ago, { at: order.due }));
}

const CAUSES = { 'case.opened': (id) => `/cases/${id}`, 'meter.silent': (id) => `/meters/${encodeURIComponent(id)}`, 'exchange.due': (id) => `/meters/${encodeURIComponent(id)}` };

/** The page of what asked for it; undefined where a person did. */
export function causeHref(cause) {
  const cut = cause.indexOf('/');
  return cut > 0 ? CAUSES[cause.slice(0, cut)]?.(cause.slice(cut + 1)) : undefined;
}
