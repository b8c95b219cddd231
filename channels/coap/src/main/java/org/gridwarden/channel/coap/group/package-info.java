/** The office's calls to groups of meters, by multicast. */
@NullMarked
package org.gridwarden.channel.coap.group;

import org.jspecify.annotations.NullMarked;
