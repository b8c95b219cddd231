package org.gridwarden.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;

/** Reads where a multicast group is, and on which network. */
final class GroupAddress {
  private GroupAddress() {}

  /**
   * A group's address and port, such as {@code 239.192.0.1:5683}.
   *
   * @param option how the option is called, for the message
   * @throws Failure where it is none
   */
  static InetSocketAddress parse(String option, String text) {
    InetSocketAddress address = HostPort.parse(text);
    if (!address.getAddress().isMulticastAddress()) {
      throw new Failure(
          option + " is a multicast address and a port such as 239.192.0.1:5683",
          Gridwarden.WRONG_INPUT);
    }
    return address;
  }

  /**
   * A network interface by its name.
   *
   * @throws Failure where there is none of that name
   */
  static NetworkInterface on(String name) {
    try {
      NetworkInterface found = NetworkInterface.getByName(name);
      if (found != null) {
        return found;
      }
    } catch (IOException e) {
      // no such one
    }
    throw new Failure("--on is a network interface such as eth0", Gridwarden.WRONG_INPUT);
  }
}
