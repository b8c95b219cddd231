package org.gridwarden.dlms.hdlc;

import java.time.Duration;

/**
 * How one side runs its connections.
 *
 * @param offered what it would like to agree upon
 * @param maxApdu the longest APDU that is taken, in bytes, 1 to 16 MiB; longer ones break the
 *     connection
 * @param response how long a client waits for a meter to answer a poll
 * @param retries how often a client repeats itself before it gives up, 0 to 100
 * @param interOctet a frame whose next byte does not come for so long has ended, whole or not
 * @param inactivity a meter drops a connection that is silent for so long
 */
public record HdlcSettings(
    HdlcParameters offered,
    int maxApdu,
    Duration response,
    int retries,
    Duration interOctet,
    Duration inactivity) {
  private static final int MOST = 16 << 20;

  /**
   * For a network: the most that HDLC allows, 3 seconds for an answer, 4 repetitions, half a second
   * between bytes and 120 seconds of silence.
   */
  public static final HdlcSettings NETWORK =
      new HdlcSettings(
          HdlcParameters.GREATEST,
          64 * 1024,
          Duration.ofSeconds(3),
          4,
          Duration.ofMillis(500),
          Duration.ofSeconds(120));

  /**
   * For a serial line: 128 bytes and one frame at a time, which every meter takes, 100 milliseconds
   * between bytes (the class's own 25 are too few for an operating system's buffers).
   */
  public static final HdlcSettings SERIAL =
      new HdlcSettings(
          HdlcParameters.DEFAULT,
          64 * 1024,
          Duration.ofSeconds(3),
          4,
          Duration.ofMillis(100),
          Duration.ofSeconds(120));

  public HdlcSettings {
    if (maxApdu < 1 || maxApdu > MOST) {
      throw new IllegalArgumentException(
          "the greatest APDU has 1 to " + MOST + " bytes, not " + maxApdu);
    }
    if (retries < 0 || retries > 100) {
      throw new IllegalArgumentException("retries are 0 to 100, not " + retries);
    }
    if (!response.isPositive() || !interOctet.isPositive() || !inactivity.isPositive()) {
      throw new IllegalArgumentException("a timeout is longer than nothing");
    }
  }

  /** The same, asking for this. */
  public HdlcSettings offering(HdlcParameters parameters) {
    return new HdlcSettings(parameters, maxApdu, response, retries, interOctet, inactivity);
  }

  /** The same, with a client's patience. */
  public HdlcSettings waiting(Duration forAnswer, int repeating) {
    return new HdlcSettings(offered, maxApdu, forAnswer, repeating, interOctet, inactivity);
  }

  /** The same, with a meter's patience. */
  public HdlcSettings inactive(Duration silence) {
    return new HdlcSettings(offered, maxApdu, response, retries, interOctet, silence);
  }

  /** The same, taking APDUs of so many bytes. */
  public HdlcSettings taking(int bytes) {
    return new HdlcSettings(offered, bytes, response, retries, interOctet, inactivity);
  }
}
