/** DTLS 1.2 with the office's certificates, on Eclipse Californium's Scandium. */
@NullMarked
package org.gridwarden.security.dtls;

import org.jspecify.annotations.NullMarked;
