/** DLMS pushes over TCP, UDP and a serial port, translated to core's messages. */
@NullMarked
package org.gridwarden.channel.dlms;

import org.jspecify.annotations.NullMarked;
