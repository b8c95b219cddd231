/**
 * What others said: captured traffic (pcap, pcapng) and logs of hexadecimal lines are taken apart
 * into DLMS/COSEM conversations, each message with what the messages before it say of it.
 */
@NullMarked
package org.gridwarden.dlms.capture;

import org.jspecify.annotations.NullMarked;
