// The operator's key that this browser holds: made here, not to be taken out, one for each user of this browser.
import { useCallback, useEffect, useState } from './dom.js';
import { dlmsToBeSigned } from './general-signing.js';
import { fingerprint, fromHex, readOrder, toBase64, toBeSigned, toHex } from './order.js';

const DATABASE = 'gridwarden';
const STORE = 'operator-keys';
const EC = { name: 'ECDSA', namedCurve: 'P-256' };
const KEY_ID = 8; // bytes of SHA-256 over the public key, as the head-end names it

/** Keys need a page that came over TLS or from this machine: elsewhere the browser has no cryptography. */
export const keysPossible = () => Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle && globalThis.indexedDB);

const promised = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function inStore(mode, act) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'user' });
  const database = await promised(opening);
  try {
    const transaction = database.transaction(STORE, mode);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await promised(act(transaction.objectStore(STORE)));
    await done;
    return result;
  } finally {
    database.close();
  }
}

/** Makes a key and keeps it: {user, keyId, spki, fingerprint, made} and the private part, which signs and cannot be read. */
export async function makeKey(user) {
  const pair = await crypto.subtle.generateKey(EC, false, ['sign', 'verify']);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', spki));
  const key = { user, keyId: toHex(hash.slice(0, KEY_ID)), spki: toBase64(spki), fingerprint: await fingerprint(spki), made: new Date().toISOString(), privateKey: pair.privateKey };
  await inStore('readwrite', (store) => store.put(key));
  await navigator.storage?.persist?.().catch(() => false); // asked, so that a full disk does not cost the key
  return key;
}

export const dropKey = (user) => inStore('readwrite', (store) => store.delete(user));

/**
 * The signature of an order under a key of this browser: r and s, base64. `order`: its bytes and, where the meter checks
 * a DLMS request, signing 'dlms' and the system title that it goes to. `at`: when, which such a request says.
 */
export async function signOrder(key, order, at) {
  const keyId = fromHex(key.keyId);
  const bytes = order.signing === 'dlms' ? dlmsToBeSigned(readOrder(order.bytes), keyId, fromHex(order.systemTitle), at) : toBeSigned(order.bytes, keyId);
  return toBase64(new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.privateKey, bytes)));
}

/** The user's key in this browser: {key, ready, error, reload}; key is undefined where there is none. */
export function useBrowserKey(user) {
  const [state, set] = useState({ ready: false });
  const reload = useCallback(() => {
    if (!keysPossible()) return set({ ready: true });
    inStore('readonly', (store) => store.get(user)).then((key) => set({ key, ready: true }), (error) => set({ error, ready: true }));
  }, [user]);
  useEffect(reload, [reload]);
  return { ...state, reload };
}
