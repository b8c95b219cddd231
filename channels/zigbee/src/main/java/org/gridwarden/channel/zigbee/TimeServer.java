package org.gridwarden.channel.zigbee;

import java.time.Instant;

/** The office's side of the Time cluster (075123, clause 3.12), read by meters. Pure functions. */
final class TimeServer {
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int TIME = 0x0000;
  private static final int TIME_STATUS = 0x0001;

  /** It is the network's master of time, and set by what is outside of it. */
  private static final int MASTER_SYNCHRONIZED = 0b0001 | 0b0010;

  private static final int SUCCESS = 0x00;
  private static final int UNSUPPORTED_ATTRIBUTE = 0x86;
  private static final int BITS_8 = 0x18;
  private static final int UTC_TIME = 0xE2;

  /** What fits into an answer: 8 bytes each. */
  private static final int MOST = 8;

  private TimeServer() {}

  /**
   * Answers a request to read attributes: the first eight of them, and no half one.
   *
   * @param request their numbers, two bytes each
   */
  static byte[] read(byte[] request, Instant now) {
    Zcl.Out out = new Zcl.Out();
    for (int at = 0; at + 1 < request.length && at < 2 * MOST; at += 2) {
      int id = (int) Zcl.number(request, at, 2);
      out.number(2, id);
      switch (id) {
        case TIME ->
            out.number(1, SUCCESS)
                .number(1, UTC_TIME)
                .number(4, now.getEpochSecond() - EPOCH.getEpochSecond());
        case TIME_STATUS -> out.number(1, SUCCESS).number(1, BITS_8).number(1, MASTER_SYNCHRONIZED);
        default -> out.number(1, UNSUPPORTED_ATTRIBUTE);
      }
    }
    return out.done();
  }
}
