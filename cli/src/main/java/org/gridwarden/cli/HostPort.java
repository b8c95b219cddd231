package org.gridwarden.cli;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code host:port}, {@code 127.0.0.1:4059} or {@code [::1]:4059}. */
final class HostPort {
  private static final Pattern TEXT = Pattern.compile("(?:\\[([^]]+)]|([^:\\[\\]]+)):(\\d{1,5})");

  private HostPort() {}

  /**
   * The address, its name resolved.
   *
   * @throws Failure where it is none
   */
  static InetSocketAddress parse(String text) {
    Matcher m = TEXT.matcher(text.trim());
    if (!m.matches() || Integer.parseInt(m.group(3)) > 65_535) {
      throw new Failure(
          "'" + text + "' is no address; write it as HOST:PORT", Gridwarden.WRONG_INPUT);
    }
    String host = m.group(1) != null ? m.group(1) : m.group(2);
    InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(m.group(3)));
    if (address.isUnresolved()) {
      throw new Failure("the host " + host + " is not known", Gridwarden.WRONG_INPUT);
    }
    return address;
  }
}
