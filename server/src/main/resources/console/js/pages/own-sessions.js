// Where one is logged in, and the way to end it there.
import { h } from '../dom.js';
import { asPage, call, get, useResource } from '../api.js';
import { Ago, Button, Loaded, toast } from '../parts.js';
import { Table } from '../table.js';

/** A browser's own words in two: which one, on what. */
export function agentWords(agent) {
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)\/(\d+)/.exec(agent.replace(/Version\/(\d+).*Safari/, 'Safari/$1'));
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(agent);
  if (!browser) return agent ? agent.split(/[ (]/)[0] : 'A program';
  return `${{ Edg: 'Edge', OPR: 'Opera' }[browser[1]] || browser[1]} ${browser[2]}${system ? ` on ${system[1]}` : ''}`;
}

export function OwnSessions() {
  const list = useResource('own-sessions', (signal) => get('/sessions', {}, signal).then(asPage));
  const end = async (session) => {
    await call('DELETE', `/sessions/${encodeURIComponent(session.id)}`);
    toast('That session has ended.');
    list.reload();
  };
  const columns = [
    { id: 'agent', name: 'Where', cell: (s) => h('span', agentWords(s.agent), s.here && h('span.dim', ' this one')) },
    { id: 'source', name: 'Address', cell: (s) => h('span.mono', s.source) },
    { id: 'since', name: 'Since', low: true, cell: (s) => h(Ago, { at: s.since }) },
    { id: 'seen', name: 'Last used', cell: (s) => h(Ago, { at: s.lastSeen }) },
    { id: 'act', name: 'End', bare: true, num: true, cell: (s) => (s.here ? h('span.dim', '–') : h(Button, { small: true, kind: 'quiet', onClick: () => end(s), label: `End the session from ${s.source}` }, 'End')) },
  ];
  return h('section.card.card-wide', h('header.card-head', h('h2', 'Where you are logged in')),
    h(Loaded, { of: list, rows: 2, what: 'Your sessions could not be loaded' }, (data) => h(Table, { caption: 'Your sessions', columns, rows: data.items, keyOf: (s) => s.id })));
}
