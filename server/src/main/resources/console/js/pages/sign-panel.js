// Signing with the key of this browser: what it lacks is said, and how to get it.
import { h, many, useState } from '../dom.js';
import { asPage, post } from '../api.js';
import { plural } from '../format.js';
import { Mark } from '../icons.js';
import { Button, Failure, toast } from '../parts.js';
import { keysPossible, signOrder, useBrowserKey } from '../keys.js';
import { standing, useOfficeKeys } from '../office-keys.js';
import { path } from '../commands.js';

const LACKS = {
  NONE: ['The office does not know this browser’s key yet.', 'Ask for it to be taken'],
  WAITING: ['This browser’s key waits for a security administrator to take it.', 'See its fingerprint'],
  REVOKED: ['This browser’s key was revoked.', 'Make another'],
};

/**
 * `orders`: {id, bytes, signing, systemTitle} each; the children say in words what they are. Signed one by one in this
 * browser, posted together.
 */
export function SignPanel({ who, orders, acted, word, children }) {
  const own = useBrowserKey(who.user);
  const office = useOfficeKeys();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const how = standing(office.data, own.key?.keyId);
  const sign = async () => {
    setBusy(true);
    setError(null);
    try {
      const items = [];
      const signedAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
      for (const order of orders) items.push({ id: order.id, signature: await signOrder(own.key, order, signedAt) });
      const { keyId } = own.key;
      if (items.length === 1) await post(`${path(items[0].id)}/sign`, { keyId, signature: items[0].signature, signedAt });
      else {
        const answer = await post('/commands/sign', { keyId, signedAt, items });
        const failed = asPage(answer).items.filter((i) => i.code || i.fault || i.error || i.problem);
        if (failed.length) throw new Error(`${plural(failed.length, 'signature')} of ${items.length} not taken: ${[...new Set(failed.map((i) => i.why || i.remedy || i.error))].join('; ')}`);
      }
      toast(items.length === 1 ? 'Signed: it is on its way.' : `${plural(items.length, 'command')} signed.`);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
      acted();
    }
  };
  const lack = (words, to) => h('p.verdict.is-attention', h(Mark, { state: 'attention' }), h('span', words, ' ', h('a', { href: '/settings/keys' }, to), '.'));
  return h('div.turn', h('p', h('strong', 'It is your turn.'), ' Without your signature no meter obeys.'), children,
    !keysPossible() ? h('p.verdict.is-attention', h(Mark, { state: 'attention' }), 'This page did not come over TLS or from this machine, so the browser has no keys here. Open it by https.')
      : own.error ? h(Failure, { error: own.error, what: 'The key of this browser cannot be read' })
        : own.ready && !own.key ? lack('This browser has no key of yours.', 'Make one')
          : own.key && LACKS[how] ? lack(...LACKS[how])
            : own.key && how === 'TAKEN' && many(h('p.dim', 'With the key of this browser, ', h('span.mono', own.key.keyId), '.'), h('div.form-actions', h(Button, { kind: 'main', busy, disabled: !orders.length, onClick: sign }, word))),
    error && h(Failure, { error, what: 'Not signed' }));
}
