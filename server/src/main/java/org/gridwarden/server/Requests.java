package org.gridwarden.server;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.ObisCode;
import org.jspecify.annotations.Nullable;

/** Takes what requests carry, or says which part is wrong. */
final class Requests {
  private Requests() {}

  static String needed(String name, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      throw wrong(name, "is missing");
    }
    if (value.length() > 1024) {
      throw wrong(name, "is too long");
    }
    return value;
  }

  static MeterId meter(String value) {
    try {
      return new MeterId(value);
    } catch (IllegalArgumentException e) {
      throw wrong("meter", String.valueOf(e.getMessage()));
    }
  }

  static ObisCode obis(String value) {
    try {
      return ObisCode.parse(value);
    } catch (IllegalArgumentException e) {
      throw wrong("channel", String.valueOf(e.getMessage()));
    }
  }

  static Instant instant(String name, String value) {
    try {
      return Instant.parse(value);
    } catch (DateTimeParseException e) {
      throw wrong(name, "is an instant such as 2026-11-24T00:00:00Z");
    }
  }

  static int within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw wrong(name, "is " + least + " to " + most + ", not " + value);
    }
    return value;
  }

  static FaultException wrong(String where, String what) {
    return new FaultException(Fault.Code.MALFORMED, where, what);
  }

  /** Where a request comes from. */
  static InetAddress source(HttpServletRequest request) {
    try {
      return InetAddress.getByName(request.getRemoteAddr()); // a literal: nothing is looked up
    } catch (UnknownHostException e) {
      throw wrong("source", "has no address");
    }
  }

  /** Refuses what a page of another origin sent; a program that is no browser sends no Origin. */
  static void refuseForeign(HttpServletRequest request) {
    String origin = request.getHeader("Origin");
    if (origin != null && !sameOrigin(origin, request)) {
      throw new FaultException(
          Fault.Code.FORBIDDEN, "Origin", "requests come from the console's own pages only");
    }
  }

  private static boolean sameOrigin(String origin, HttpServletRequest request) {
    try {
      URI uri = URI.create(origin);
      String host = request.getHeader("Host");
      if (host != null) {
        return host.equalsIgnoreCase(uri.getRawAuthority());
      }
      // HTTP/2 has :authority in its place, which the container tells as the server's name
      int usual = "https".equals(uri.getScheme()) ? 443 : 80;
      return request.getServerName().equalsIgnoreCase(uri.getHost())
          && request.getServerPort() == (uri.getPort() < 0 ? usual : uri.getPort());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
