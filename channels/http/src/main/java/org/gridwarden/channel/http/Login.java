package org.gridwarden.channel.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.Channel;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.message.MessagePassword;

/**
 * Who asks: by the connection's certificate, or by the key in the request's header (RFC 7617:
 * {@code Authorization: Basic}, the meter's id and its password). Pure but for what it asks the
 * host.
 */
final class Login {
  private static final String SCHEME = "basic ";

  private Login() {}

  /**
   * Somebody who may speak.
   *
   * @param name the meter's id, or the concentrator's name: under which it is counted
   * @param meter the one meter that it is; empty for a concentrator
   */
  record Who(MeterId name, Optional<MeterId> meter) {
    /** C22: a meter speaks for itself alone, a concentrator for meters whose keys stand behind. */
    boolean speaksFor(MeterId other) {
      return meter.isEmpty() || meter.get().equals(other);
    }
  }

  /**
   * Looks at a request.
   *
   * @param shown what the connection's certificate says; empty where there is none
   * @param authorization the field of that name
   * @return empty where nobody is proven; why is not told
   */
  static Optional<Who> of(
      Channel.Host host, Optional<TransportPeer> shown, Optional<String> authorization) {
    if (shown.isPresent()) {
      TransportPeer peer = shown.get();
      Optional<Who> named = Optional.of(new Who(peer.name(), peer.meter()));
      // a key beside the certificate must be the same meter's
      return authorization.isEmpty()
          ? named
          : named.filter(w -> byKey(host, authorization.get()).equals(w.meter()));
    }
    return authorization.flatMap(a -> byKey(host, a)).map(m -> new Who(m, Optional.of(m)));
  }

  private static Optional<MeterId> byKey(Channel.Host host, String authorization) {
    if (!authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return Optional.empty();
    }
    byte[] pair = {};
    byte[] password = {};
    try {
      pair = Base64.getDecoder().decode(authorization.substring(SCHEME.length()).strip());
      int colon = pair.length - 1;
      // the password has no colon, a meter's id may
      while (colon >= 0 && pair[colon] != ':') {
        colon--;
      }
      if (colon < 1) {
        return Optional.empty();
      }
      MeterId meter = new MeterId(new String(pair, 0, colon, StandardCharsets.ISO_8859_1));
      password = Arrays.copyOfRange(pair, colon + 1, pair.length);
      return inService(host, meter) && matches(host, meter, password)
          ? Optional.of(meter)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    } finally {
      Arrays.fill(pair, (byte) 0);
      Arrays.fill(password, (byte) 0);
    }
  }

  private static boolean inService(Channel.Host host, MeterId meter) {
    return host.meters().byId(meter).filter(m -> m.state() != Meter.State.RETIRED).isPresent();
  }

  private static boolean matches(Channel.Host host, MeterId meter, byte[] password) {
    Optional<KeySet> inForce = host.keys().keys(meter, Purpose.MESSAGE);
    Optional<KeySet> pending = host.keys().pending(meter, Purpose.MESSAGE);
    return inForce.isPresent() && MessagePassword.matches(meter, inForce.get(), password)
        || pending.isPresent() && MessagePassword.matches(meter, pending.get(), password);
  }
}
