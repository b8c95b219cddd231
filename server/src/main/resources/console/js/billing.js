// What the pages of billing have in common: their tabs, and the words of validation.
import { h } from './dom.js';
import { get, useResource } from './api.js';
import { may } from './session.js';
import { count, decimal, title } from './format.js';
import { Mark } from './icons.js';

/** Whether somebody is told names and addresses. */
export const seesAccounts = (who) => may(who, 'SERVE_CUSTOMERS') || may(who, 'BILL');

export const servesCustomers = (who) => may(who, 'SERVE_CUSTOMERS');
export const settles = (who) => may(who, 'BILL') || may(who, 'operator');

/** How many findings are open, by rule. */
export function useOpen() {
  return useResource('exceptions-open', (signal) => get('/exceptions/open', {}, signal).then((a) => a.items), { every: 30000 });
}

export function BillingTabs({ here, who }) {
  const open = useOpen();
  const flagged = (open.data || []).reduce((sum, rule) => sum + rule.flagged, 0);
  const tabs = [['/billing/exceptions', 'Exceptions', flagged]];
  if (seesAccounts(who)) tabs.push(['/billing/accounts', 'Accounts', 0]);
  return h('nav.tabs', { 'aria-label': 'Billing' }, tabs.map(([path, name, n]) => h('a', { key: path, href: path, 'aria-current': here === path ? 'page' : undefined }, name, n > 0 && h('span.badge', count(n)))));
}

const STATES = { open: ['attention', 'Open'], accepted: ['muted', 'Accepted'], edited: ['muted', 'Edited'], gone: ['muted', 'Gone by itself'] };

export function ExceptionState({ item }) {
  const [mark, word] = STATES[item.state] || STATES.open;
  return h('span.state', { class: `is-${mark}` }, h(Mark, { state: mark }), word);
}

/** Flagged: a person has to judge; estimated: other values stand in already. */
export const ActionWord = ({ item }) => (item.action === 'estimated' ? h('span.estimated-tag', 'Estimated') : h('span.state.is-attention', h(Mark, { state: 'attention' }), 'Doubtful'));

export const ruleWord = (rule) => title(rule.replaceAll('-', ' '));

const figure = (n) => decimal(String(Math.abs(n) >= 100 ? Math.round(n) : Number(n.toPrecision(3))));

/** The measured figure beside the permitted one: 412 % where 250 % are permitted. */
export function figures(item) {
  const unit = item.unit === 'x' ? 'times' : item.unit;
  return item.permitted ? `${figure(item.measured)} ${unit}, permitted ${figure(item.permitted)} ${unit}` : `${figure(item.measured)} ${unit}`;
}
