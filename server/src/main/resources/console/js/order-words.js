// An order as words, decoded from its bytes; what approving and signing show.
import { h, useEffect, useMemo, useState } from './dom.js';
import { dateTime, localZone } from './format.js';
import { At, Failure } from './parts.js';
import { ACTIONS, deedName, parameterWords } from './commands.js';
import { fingerprint, fromBase64, readOrder } from './order.js';

/** {bytes, order} of base64, or {error} where the bytes are no order for this command. */
export function useOrder(command) {
  return useMemo(() => {
    try {
      const bytes = fromBase64(command.order);
      const order = readOrder(bytes);
      if (order.id !== command.id || order.meter !== command.meter) throw new Error('it is another command’s');
      return { bytes, order };
    } catch (error) {
      return { error };
    }
  }, [command.order, command.id, command.meter]);
}

/** "Limit load of GWD4100111, at most 2 300 W for 2 h" */
const deedWords = (order, zone) => [deedName(order.action, order.meter), parameterWords(order.action, order.parameters, zone)].filter(Boolean).join(', ');

/** What the bytes say, in words. */
export function OrderWords({ of, zone = localZone, head = 'The order says' }) {
  const [print, setPrint] = useState('');
  useEffect(() => {
    let here = true;
    if (of.bytes && globalThis.crypto?.subtle) fingerprint(of.bytes, 6).then((text) => here && setPrint(text));
    return () => { here = false; };
  }, [of.bytes]);
  if (of.error) return h(Failure, { error: { message: of.error.message, remedy: 'Do not approve or sign it: tell your security administrator.' }, what: 'The order cannot be read in this browser' });
  const { order } = of;
  const time = (at) => h(At, { at, zone, text: dateTime(Date.parse(at), zone) });
  return h('div.deed',
    h('p.deed-head', head),
    h('p.deed-words', h('strong', deedWords(order, zone), '.'), ' ', ACTIONS[order.action]?.does, ' ', ACTIONS[order.action]?.means),
    h('p.dim', 'Not before ', time(order.notBefore), ', and not from ', time(order.expires), ' on. Ordered by ', h('strong', order.operator), '.'),
    print && h('p.dim', { title: 'The beginning of SHA-256 over the order’s bytes: two people who see the same see the same order' }, 'Its fingerprint ', h('span.mono', print)));
}
