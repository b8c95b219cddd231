package org.gridwarden.dlms.hdlc;

import java.util.List;
import java.util.Optional;

/** Who answers APDUs above the link, for one connection. One thread at a time. */
@FunctionalInterface
public interface ApduService {
  /** What is sent back for an APDU that came: none, one or several, in order. */
  List<byte[]> answer(byte[] apdu);

  /** Where services are had from. Called by many connections' threads. */
  @FunctionalInterface
  interface Directory {
    /**
     * A new service for a new connection.
     *
     * @param logicalDevice the upper HDLC address
     * @param client the client's number
     * @return empty where there is no such logical device
     */
    Optional<ApduService> open(int logicalDevice, int client);
  }
}
