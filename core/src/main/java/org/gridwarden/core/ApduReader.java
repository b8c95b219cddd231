package org.gridwarden.core;

import java.util.List;

/**
 * Reads DLMS APDUs that a message of another protocol carries. Whoever speaks DLMS offers one;
 * found by {@link java.util.ServiceLoader}, so that no channel needs to know of another.
 * Thread-safe.
 */
public interface ApduReader {
  /**
   * Reads what an APDU tells.
   *
   * @param host lends the meter's keys, where the APDU is ciphered itself, and the time
   * @param meter whose message it was: a key of its own stands behind the whole APDU already
   * @param apdu a notification, in the clear or ciphered; not kept, not changed
   * @return what it says, never empty
   * @throws ChannelException where it is no notification ({@code MALFORMED}), or not this meter's
   *     ({@code UNAUTHENTICATED})
   */
  List<Message> read(Channel.Host host, Meter meter, byte[] apdu) throws ChannelException;
}
