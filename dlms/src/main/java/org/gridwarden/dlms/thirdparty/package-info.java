/**
 * Requests that a third party signs and a client carries (IEC 62056-5-3, clause 9.2.7.2.5:
 * general-signing): who may be one, what their requests have to say, and what a meter remembers of
 * them.
 */
@NullMarked
package org.gridwarden.dlms.thirdparty;

import org.jspecify.annotations.NullMarked;
