package org.gridwarden.headend;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.gridwarden.core.MeterId;

/**
 * Which partition a meter belongs to: CRC-32C (RFC 3720, appendix B.4) of its id in UTF-8, modulo
 * their number. The same on every machine and in every version, so that a log may stand in front.
 */
public final class Partitions {
  private Partitions() {}

  /**
   * The partition, 0 to {@code count - 1}.
   *
   * @param count 1 or more
   */
  public static int of(MeterId meter, int count) {
    if (count == 1) {
      return 0;
    }
    CRC32C crc = new CRC32C();
    crc.update(meter.value().getBytes(StandardCharsets.UTF_8));
    return (int) (crc.getValue() % count);
  }
}
