package org.gridwarden.channel.coap;

import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;

/** How the library is set: what it would hold for callers without a bound is done here instead. */
final class CoapTerms {
  /** The longest datagram that is looked at, in bytes; what is longer goes in blocks. */
  static final int DATAGRAM = 2_048;

  private static final int KERNEL_BUFFER = 4 << 20;

  static {
    CoapConfig.register();
    UdpConfig.register();
    SystemConfig.register();
  }

  private CoapTerms() {}

  static Configuration of(CoapSettings.Limits limits) {
    // not the library's standard one, which reads and writes a file in the working folder
    return new Configuration()
        .set(CoapConfig.MAX_ACTIVE_PEERS, limits.maxAssociations())
        // blocks are put together by Transfers, which has bounds
        .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, 0)
        .set(CoapConfig.MAX_MESSAGE_SIZE, 1_024)
        .set(CoapConfig.PREFERRED_BLOCK_SIZE, limits.block())
        .set(CoapConfig.MAX_SERVER_OBSERVES, limits.maxAssociations())
        // an exchange that is over keeps what may have to be sent again, and no more
        .set(CoapConfig.USE_MESSAGE_OFFLOADING, true)
        .set(CoapConfig.NOTIFICATION_CHECK_INTERVAL_TIME, 24, TimeUnit.HOURS)
        .set(CoapConfig.RESPONSE_MATCHING, CoapConfig.MatcherMode.PRINCIPAL_IDENTITY)
        .set(SystemConfig.HEALTH_STATUS_INTERVAL, 0, TimeUnit.SECONDS)
        .set(UdpConfig.UDP_RECEIVER_THREAD_COUNT, 1)
        .set(UdpConfig.UDP_SENDER_THREAD_COUNT, 1)
        .set(UdpConfig.UDP_DATAGRAM_SIZE, DATAGRAM)
        .set(UdpConfig.UDP_RECEIVE_BUFFER_SIZE, KERNEL_BUFFER);
  }
}
