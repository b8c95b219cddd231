// Whom a command is for: meters found by a part of their id, or a pasted list.
import { h, many, useState } from '../dom.js';
import { Icon } from '../icons.js';
import { count } from '../format.js';
import { Button, Field, Id } from '../parts.js';
import { useMeterSearch } from '../search.js';

const SHOWN = 12;

/** Ids of a text, parted by commas, semicolons or white space; each once. */
export const meterIds = (text) => [...new Set(String(text || '').split(/[\s,;]+/).filter(Boolean))];

export function MeterPicker({ meters, onChange, where }) {
  const [text, setText] = useState('');
  const several = meterIds(text);
  const found = useMeterSearch(several.length === 1 ? text : '', 6);
  const add = (ids) => { onChange([...new Set([...meters, ...ids])]); setText(''); };
  const offered = several.length === 1 ? found.items.filter((m) => !meters.includes(m.id)) : [];
  const onKeyDown = (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (several.length > 1) add(several);
    else if (offered.length === 1 || offered[0]?.id === text.trim()) add([offered[0].id]);
  };
  return h('div.form',
    meters.length > 0 && h('ul.plain.picked', { 'aria-label': 'Meters chosen' }, meters.slice(0, SHOWN).map((id) => h('li', { key: id }, h(Id, { value: id, link: `/meters/${encodeURIComponent(id)}` }), meters.length === 1 && where && h('span.dim', where), h(Button, { icon: 'close', kind: 'quiet', small: true, label: `Leave out ${id}`, onClick: () => onChange(meters.filter((m) => m !== id)) }))),
      meters.length > SHOWN && h('li.dim', `and ${count(meters.length - SHOWN)} more`)),
    meters.length > 1 && h('div', h('button.link', { type: 'button', onClick: () => onChange([]) }, 'Leave out all')),
    h(Field, { label: meters.length ? 'Add a meter' : 'Meter', hint: 'A part of an id, serial or service point; or paste a list of whole ids.' },
      h('textarea', { rows: several.length > 1 ? 4 : 1, value: text, spellcheck: false, autocapitalize: 'off', onInput: (e) => setText(e.currentTarget.value), onKeyDown })),
    several.length > 1 ? h('div', h(Button, { icon: 'plus', onClick: () => add(several) }, `Add ${count(several.length)} meters`))
      : found.text && many(h('ul.plain.offered', { 'aria-label': 'Meters found' }, offered.map((m) => h('li', { key: m.id }, h('button.menu-item', { type: 'button', onClick: () => add([m.id]) }, h(Icon, { name: 'plus', size: 14 }), h('span.mono', m.id), h('span.dim', m.servicePoint))))),
        !offered.length && h('p.dim', found.items.length ? 'It is chosen already.' : `No meter has “${found.text}” in its id, serial, system title or service point.`)));
}
