package org.gridwarden.core;

import java.util.regex.Pattern;

/**
 * How the office reaches a meter that it reads. A meter with neither address nor companion profile
 * only pushes, and is not read.
 *
 * @param address {@code host:port}, or {@code host:port/n} for its logical device n where that is
 *     not 1; with {@code tls://} before it where it is called by TLS; empty where the meter calls
 *     in
 * @param link what it shares with others and must not be crowded: a concentrator, a cell; empty for
 *     its address alone
 * @param client which of its companion profile's clients the office is, by name or number; empty
 *     for the usual one
 * @param companion which companion profile it follows; empty for the one called as its profile, or
 *     the generic one
 */
public record Reach(String address, String link, String client, String companion) {
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:tls://)?(?:[A-Za-z0-9._-]{1,200}|\\[[0-9A-Fa-f:.]{2,45}\\]):[0-9]{1,5}(?:/[0-9]{1,5})?");

  /** What stands before an address that is called by TLS. */
  public static final String TLS = "tls://";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  /** Nothing is known: the meter is not read. */
  public static final Reach NONE = new Reach("", "", "", "");

  /**
   * @throws IllegalArgumentException naming the part that is wrong, and how it should be
   */
  public Reach {
    check(
        "address", address, ADDRESS, "is host:port or host:port/device, or the same after tls://");
    check("link", link, NAME, "has 1 to 64 letters, digits and . _ : -");
    check("client", client, NAME, "is a client's name or number");
    check("companion", companion, NAME, "is a companion profile's name");
  }

  private static void check(String part, String text, Pattern pattern, String should) {
    if (!text.isEmpty() && !pattern.matcher(text).matches()) {
      throw new IllegalArgumentException(part + " " + should);
    }
  }

  /** Whether the office reads it at all. */
  public boolean reads() {
    return !address.isEmpty() || !companion.isEmpty();
  }

  /** What must not be crowded: the link, or the address's host and port, or empty. */
  public String shared() {
    String bare = address.startsWith(TLS) ? address.substring(TLS.length()) : address;
    int device = bare.lastIndexOf('/');
    return !link.isEmpty() ? link : device < 0 ? bare : bare.substring(0, device);
  }
}
