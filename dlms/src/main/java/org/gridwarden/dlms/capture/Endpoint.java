package org.gridwarden.dlms.capture;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An address and a port of TCP or UDP. Immutable. */
final class Endpoint implements Comparable<Endpoint> {
  private final byte[] address;
  private final int port;

  /**
   * @param address of 4 or 16 bytes, not copied
   */
  Endpoint(byte[] address, int port) {
    this.address = address;
    this.port = port;
  }

  int port() {
    return port;
  }

  @Override
  public int compareTo(Endpoint other) {
    int order = Arrays.compareUnsigned(address, other.address);
    return order != 0 ? order : Integer.compare(port, other.port);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Endpoint that
        && port == that.port
        && Arrays.equals(address, that.address);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(address) * 31 + port;
  }

  /** {@code 10.0.0.7:4059}, {@code [fe80::1]:4059}. */
  @Override
  public String toString() {
    try {
      String text = InetAddress.getByAddress(address).getHostAddress(); // asks nobody
      return address.length == 4 ? text + ":" + port : "[" + text + "]:" + port;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
