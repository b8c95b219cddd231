/** Whom meters obey: lists under the trust root's signature, on their way to meters. */
@NullMarked
package org.gridwarden.headend.trust;

import org.jspecify.annotations.NullMarked;
