// Places that the rail names and that are not built yet: what will be there, and what serves until then.
import { h } from '../dom.js';
import { Icon } from '../icons.js';
import { useTitle } from '../parts.js';

const WORDS = {
  map: {
    what: 'Feeders, transformers and meters on a map, by their state; a probable fault drawn as an area with its probability.',
    until: ['Each meter names its service point.', ['/meters', 'Filter the meters by it']],
  },
  security: {
    what: 'Who did what: the audit log with its proofs, keys and certificates and their age, sources held back.',
    until: ['Refused messages stand among the alarms; people and their roles stand in the settings.', ['/settings/users', 'People and roles']],
  },
  'test-bed': {
    what: 'One metering load over every protocol, side by side: bytes, latency, behaviour under loss, energy and security.',
    until: ['The measurements so far run from the command line, with ./gridwarden bench.', ['/overview', 'To the overview']],
  },
};

export default function Later({ place }) {
  useTitle(place.name);
  const { what, until } = WORDS[place.id];
  return h('div.later', h(Icon, { name: place.id, size: 24 }), h('h1', place.name), h('p.later-tag', 'Not built yet'),
    h('dl', h('dt', 'What will be here'), h('dd', what), h('dt', 'Until then'), h('dd', until[0], ' ', h('a', { href: until[1][0] }, until[1][1]), '.')));
}
