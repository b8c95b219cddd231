package org.gridwarden.channel.coap;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.core.Channel;
import org.gridwarden.core.DatagramSecurity.SharedKey;
import org.gridwarden.core.DatagramSecurity.SharedKeys;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.message.TransportKey;

/**
 * The keys that DTLS shares with meters. A meter says its id, and where its key is being changed
 * {@code /} and the key's id in hexadecimal after it. Thread-safe.
 */
final class MeterKeys implements SharedKeys {
  private final Channel.Host host;

  MeterKeys(Channel.Host host) {
    this.host = host;
  }

  @Override
  public Optional<SharedKey> find(String identity) {
    String[] parts = identity.split("/", 2);
    Optional<MeterId> meter = meter(parts[0]).filter(this::inService);
    if (meter.isEmpty()) {
      return Optional.empty();
    }
    MeterId id = meter.get();
    return sets(id)
        .filter(set -> parts.length == 1 || isNamed(set, parts[1]))
        .findFirst()
        .map(set ->
            new SharedKey(
                new TransportPeer(TransportPeer.Kind.METER, id, new byte[0]),
                TransportKey.DTLS.of(id, set),
                () -> inService(id) && sets(id).anyMatch(s -> same(s, set))));
  }

  /** The key in force, and the one that an order has carried to the meter. */
  private Stream<KeySet> sets(MeterId meter) {
    return Stream.of(
            host.keys().keys(meter, Purpose.MESSAGE), host.keys().pending(meter, Purpose.MESSAGE))
        .flatMap(Optional::stream);
  }

  private static boolean same(KeySet one, KeySet other) {
    return Arrays.equals(one.keyId(), other.keyId());
  }

  private static boolean isNamed(KeySet set, String hex) {
    return HexFormat.of().formatHex(set.keyId()).equalsIgnoreCase(hex);
  }

  private boolean inService(MeterId meter) {
    return host.meters().byId(meter).filter(m -> m.state() != Meter.State.RETIRED).isPresent();
  }

  static Optional<MeterId> meter(String name) {
    try {
      return Optional.of(new MeterId(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
