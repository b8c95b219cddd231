package org.gridwarden.channel.amqp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Channel;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.message.MessagePassword;

/**
 * Who a client is: by its certificate (SASL's EXTERNAL, RFC 4422, appendix A), or by its password
 * (PLAIN, RFC 4616). Pure but for what it asks the host.
 */
final class Login {
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

  /** By which mechanisms somebody can be proven. */
  static List<String> mechanisms(Optional<TransportPeer> shown) {
    return shown.isPresent() ? List.of(Sasl.EXTERNAL, Sasl.PLAIN) : List.of(Sasl.PLAIN);
  }

  /**
   * Looks at what a client shows.
   *
   * @param shown what its certificate says; empty where there is none
   * @return empty where nobody is proven; why is not told
   */
  static Optional<Who> of(Channel.Host host, Optional<TransportPeer> shown, Sasl.Init init) {
    byte[] response = init.response().orElseGet(() -> new byte[] {});
    try {
      return switch (init.mechanism()) {
        case Sasl.EXTERNAL -> shown.map(Login::named).filter(w -> isOwn(response, w.name()));
        case Sasl.PLAIN -> {
          Optional<Who> by = plain(host, response);
          // a password beside a certificate must be the same meter's
          yield shown.isEmpty() ? by : by.filter(w -> w.equals(named(shown.get())));
        }
        default -> Optional.empty();
      };
    } finally {
      Arrays.fill(response, (byte) 0);
    }
  }

  private static Who named(TransportPeer peer) {
    return new Who(peer.name(), peer.meter());
  }

  /** Nobody acts for somebody else. */
  private static boolean isOwn(byte[] identity, MeterId name) {
    return identity.length == 0
        || new String(identity, StandardCharsets.UTF_8).equals(name.value());
  }

  /** For whom, name and password, with a zero between them. */
  private static Optional<Who> plain(Channel.Host host, byte[] response) {
    int first = zero(response, 0);
    int second = zero(response, first + 1);
    if (second >= response.length) {
      return Optional.empty();
    }
    byte[] password = Arrays.copyOfRange(response, second + 1, response.length);
    try {
      MeterId meter =
          new MeterId(
              new String(response, first + 1, second - first - 1, StandardCharsets.ISO_8859_1));
      boolean proven =
          isOwn(Arrays.copyOf(response, first), meter)
              && inService(host, meter)
              && matches(host, meter, password);
      return proven ? Optional.of(new Who(meter, Optional.of(meter))) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }

  /** Where the next zero is; the end where there is none. */
  private static int zero(byte[] bytes, int from) {
    int at = Math.min(from, bytes.length);
    while (at < bytes.length && bytes[at] != 0) {
      at++;
    }
    return at;
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
