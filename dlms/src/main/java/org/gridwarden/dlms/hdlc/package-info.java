/**
 * The HDLC data link layer of DLMS/COSEM (IEC 62056-46), client and meter, and the start of a
 * serial line that leads to it (IEC 62056-21, mode E). What is sent and what it means are state
 * machines without a clock or a thread; reading, writing and waiting are done around them.
 */
@NullMarked
package org.gridwarden.dlms.hdlc;

import org.jspecify.annotations.NullMarked;
