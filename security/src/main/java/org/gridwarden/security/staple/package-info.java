/** What the office says of its own certificates, stapled to its handshakes. */
@NullMarked
package org.gridwarden.security.staple;

import org.jspecify.annotations.NullMarked;
