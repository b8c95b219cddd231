package org.gridwarden.channel.xmpp;

import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;

/**
 * An address of XMPP (RFC 7622), as a server has already prepared it.
 *
 * @param local whose it is; empty for a server or component itself
 * @param domain the server
 * @param resource which connection; empty for none
 */
record Jid(String local, String domain, String resource) {
  private static final int LONGEST = 3 * 1023 + 2;

  static Optional<Jid> of(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return Optional.empty();
    }
    int slash = text.indexOf('/');
    String bare = slash < 0 ? text : text.substring(0, slash);
    String resource = slash < 0 ? "" : text.substring(slash + 1);
    int at = bare.indexOf('@');
    String local = at < 0 ? "" : bare.substring(0, at);
    String domain = bare.substring(at + 1);
    return at == 0 || domain.isEmpty()
        ? Optional.empty()
        : Optional.of(new Jid(local, domain.toLowerCase(Locale.ROOT), resource));
  }

  boolean isServer() {
    return local.isEmpty() && resource.isEmpty();
  }

  /**
   * The local part under which a meter has its account: its id in small letters, since addresses
   * know no others, and colons as XEP-0106 writes them.
   */
  static String local(MeterId meter) {
    return meter.value().toLowerCase(Locale.ROOT).replace(":", "\\3a");
  }

  /** Whether a meter has this local part. */
  boolean isOf(MeterId meter) {
    return local.equals(local(meter));
  }

  /**
   * The meter that has an account under a local part: its id is that in small letters or in
   * capitals, and there is not one of each.
   */
  static Optional<MeterId> meter(String local, MeterDirectory meters) {
    String name = local.replace("\\3a", ":");
    Optional<MeterId> small = known(name, meters);
    String capitals = name.toUpperCase(Locale.ROOT);
    Optional<MeterId> large = capitals.equals(name) ? Optional.empty() : known(capitals, meters);
    return small.isPresent() && large.isPresent() ? Optional.empty() : small.or(() -> large);
  }

  private static Optional<MeterId> known(String name, MeterDirectory meters) {
    try {
      return meters
          .byId(new MeterId(name))
          .filter(m -> m.state() != Meter.State.RETIRED)
          .map(Meter::id);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return (local.isEmpty() ? "" : local + "@")
        + domain
        + (resource.isEmpty() ? "" : "/" + resource);
  }
}
