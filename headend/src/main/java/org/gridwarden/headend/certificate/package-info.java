/** Decides about certificates: who gets one, who waits for a person, what is revoked. */
@NullMarked
package org.gridwarden.headend.certificate;

import org.jspecify.annotations.NullMarked;
