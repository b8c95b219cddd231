// The operators' keys that the office knows.
import { asPage, get, useResource } from './api.js';

const standingOf = (k) => (k.revoked ? 'REVOKED' : k.addedBy ? 'TAKEN' : 'WAITING');

/** Every key that this person may see, with its standing: WAITING, TAKEN or REVOKED. */
export const officeKeys = (signal) => get('/operator-keys', {}, signal).then((a) => asPage(a).items.map((k) => ({ ...k, standing: standingOf(k) })));

export const useOfficeKeys = () => useResource('operator-keys', officeKeys, { every: 15000 });

/** How the office has a key: undefined while unknown, NONE, or its standing. */
export const standing = (keys, keyId) => keys && (keys.find((k) => k.keyId === keyId)?.standing || 'NONE');
