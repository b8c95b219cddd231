// The commands' vocabulary in people's words: what each does, to whom, and how it stands.
import { h } from './dom.js';
import { count, dateTime, decimal, utc } from './format.js';
import { Mark } from './icons.js';

const power = 'The consumer has no power until it is connected again.';

/**
 * word -> name, does (of one meter, as an infinitive after its name), what it means for the consumer, danger, undo:
 * the word that takes it back.
 */
export const ACTIONS = {
  disconnect: { name: 'Disconnect', does: 'The breaker opens.', means: power, danger: true, undo: 'connect', again: 'Connect again' },
  connect: { name: 'Connect', does: 'The breaker closes.', means: 'Power comes back without anybody at the meter; where its control mode wants it, the consumer closes the breaker by hand.', danger: true, undo: 'disconnect', again: 'Disconnect again' },
  arm: { name: 'Arm', does: 'The consumer may close the breaker by hand.', means: 'Until somebody does, there is no power.', danger: true },
  'limit-load': { name: 'Limit load', does: 'The power is limited for a time.', means: 'Above the limit the meter acts as it is set to, commonly by opening its breaker; the limit ends by itself.', danger: true },
  'set-price': { name: 'Set price', does: 'The price of energy changes.', means: 'Displays and appliances that follow the price act on it.' },
  'set-clock': { name: 'Set clock', does: 'The clock is set to the office’s time.', means: 'The slot that is running is marked as one with its clock set.' },
  'change-keys': { name: 'Change keys', does: 'The meter gets new keys.', means: 'The old ones are kept until it confirms the new.', danger: true },
  read: { name: 'Read', does: 'The registers are read.', means: 'Nothing is changed.' },
  'set-tariff': { name: 'Set tariff', does: 'The times of the tariff change.', means: 'Registers count by the new times.' },
  'update-firmware': { name: 'Update firmware', does: 'New firmware is transferred and activated.', means: 'The meter starts anew.', danger: true },
  configure: { name: 'Configure', does: 'An attribute of an object is set.', means: 'The meter may measure or report otherwise.', danger: true },
};

/** What a person can draft here; the others have parameters of their own places. */
export const DRAFTABLE = ['disconnect', 'connect', 'arm', 'limit-load', 'set-price', 'set-clock', 'change-keys', 'read'];

export const actionName = (word) => ACTIONS[word]?.name || word;

const DIRECT = ['disconnect', 'connect', 'arm', 'read', 'configure'];

/** Disconnect GWD1, Limit load of GWD1. */
export const deedName = (word, whom) => `${actionName(word)} ${DIRECT.includes(word) ? '' : 'of '}${whom}`;

/** state -> word and the mark beside it; waiting ones say for whom. */
export const STATES = {
  DRAFTED: ['Drafted', 'info'],
  QUARANTINED: ['Waits for a second person', 'attention'],
  RELEASED: ['Waits for its signature', 'attention'],
  SIGNED: ['Signed', 'info'],
  QUEUED: ['Queued', 'info'],
  SENT: ['Sent', 'info'],
  CONFIRMED: ['Done', 'fine'],
  READY: ['Ready for reconnection', 'fine'],
  REFUSED: ['Refused', 'muted'],
  IN_DOUBT: ['In doubt', 'attention'],
  EXPIRED: ['Expired', 'muted'],
  FAILED: ['Failed', 'fault'],
};

const ENDS = ['CONFIRMED', 'READY', 'REFUSED', 'EXPIRED', 'FAILED'];
export const isEnd = (state) => ENDS.includes(state);
export const stateWord = (state) => STATES[state]?.[0] || state;

/** What a step to a state was, once it is past. */
export const stepWord = (state) => ({ QUARANTINED: 'Held for a second person', RELEASED: 'Released' })[state] || stateWord(state);
export const stateMark = (state) => STATES[state]?.[1] || 'info';

export function CommandMark({ state }) {
  return h('span.state', { class: `is-${stateMark(state)}` }, h(Mark, { state: stateMark(state) }), stateWord(state));
}

/** Seconds of an ISO 8601 duration without months; undefined where it is none. */
export function seconds(iso) {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/.exec(iso || '');
  if (!found || iso === 'P') return undefined;
  const [, d = 0, hours = 0, m = 0, s = 0] = found;
  return d * 86400 + hours * 3600 + m * 60 + Number(s);
}

/** 2 h 30 min; whole days from two on. */
export function lasting(iso) {
  const all = seconds(iso);
  if (all === undefined) return iso || '–';
  if (!all) return '0 s';
  const days = all >= 172800 ? Math.floor(all / 86400) : 0;
  const rest = all - days * 86400;
  const parts = [[days, 'days'], [Math.floor(rest / 3600), 'h'], [Math.floor((rest % 3600) / 60), 'min'], [rest % 60, 's']];
  return parts.filter(([n]) => n).map(([n, unit]) => `${count(n)} ${unit}`).join(' ');
}

/** Replaces the durations of the policy's own words by people's. */
export const humanDurations = (text) => String(text || '').replace(/\bP(?:\d+D)?(?:T[\dHMS.]+)?\b/g, (iso) => (seconds(iso) === undefined ? iso : lasting(iso)));

/** Of a power strip's outlet, "outlet 3 off"; a boolean's value is the byte 3 and 0 or 1. */
function outletWords({ attribute, value }) {
  const outlet = /^0\.([1-9]\d?)\.96\.3\.10\.255:70:2$/.exec(attribute);
  return outlet && value?.length === 4 && value.startsWith('Aw') ? `outlet ${outlet[1]} ${value === 'AwA=' ? 'off' : 'on'}` : '';
}

/**
 * What the parameters say: "at most 2 300 W for 2 h"; empty where there are none. Times are told in the zone, in UTC
 * where none is given, and left out where it is ''.
 */
export function parameterWords(action, parameters = {}, zone = undefined) {
  const from = (iso) => (iso && zone !== '' ? ` from ${zone ? dateTime(Date.parse(iso), zone, { seconds: false }) : utc(Date.parse(iso))} on` : '');
  switch (action) {
    case 'limit-load': return `at most ${count(Number(parameters.watts))} W for ${lasting(parameters.lasting)}`;
    case 'set-price': return `${decimal(parameters.price)} ${parameters.currency || ''} a kWh${from(parameters.from)}`;
    case 'set-tariff': return `calendar ${parameters.calendar}${from(parameters.from)}`;
    case 'update-firmware': return `to version ${parameters.version}`;
    case 'change-keys': return (parameters.keys || []).map((k) => `${k.purpose} key ${k.id.slice(0, 8)}…`).join(' and ');
    case 'configure': return outletWords(parameters) || `${parameters.attribute} to ${parameters.value}`;
    default: return '';
  }
}

export const path = (id) => `/commands/${encodeURIComponent(id)}`;
