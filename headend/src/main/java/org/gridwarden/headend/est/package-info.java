/** Enrolment over Secure Transport (RFC 7030), on a port of its own and without a framework. */
@NullMarked
package org.gridwarden.headend.est;

import org.jspecify.annotations.NullMarked;
