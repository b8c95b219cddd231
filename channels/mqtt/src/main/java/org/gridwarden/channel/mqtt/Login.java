package org.gridwarden.channel.mqtt;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.core.Channel;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.message.MessagePassword;

/** Who a client is: by its certificate, or by its password. Pure but for what it asks the host. */
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

  /**
   * Looks at a CONNECT.
   *
   * @param shown what the certificate says; empty where there is none
   * @return empty where nobody is proven; why is not told
   */
  static Optional<Who> of(
      Channel.Host host, Optional<TransportPeer> shown, MqttConnectMessage connect) {
    Optional<String> user = Optional.ofNullable(connect.payload().userName());
    if (shown.isPresent()) {
      TransportPeer peer = shown.get();
      boolean agrees = user.isEmpty() || user.get().equals(peer.name().value());
      return agrees ? Optional.of(new Who(peer.name(), peer.meter())) : Optional.empty();
    }
    byte[] password = connect.payload().passwordInBytes();
    if (user.isEmpty() || password == null) {
      return Optional.empty();
    }
    try {
      return meter(user.get())
          .filter(m -> host.meters().byId(m).filter(Login::inService).isPresent())
          .filter(m -> matches(host, m, password))
          .map(m -> new Who(m, Optional.of(m)));
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }

  private static boolean inService(Meter meter) {
    return meter.state() != Meter.State.RETIRED;
  }

  private static boolean matches(Channel.Host host, MeterId meter, byte[] password) {
    Optional<KeySet> inForce = host.keys().keys(meter, Purpose.MESSAGE);
    Optional<KeySet> pending = host.keys().pending(meter, Purpose.MESSAGE);
    return inForce.isPresent() && MessagePassword.matches(meter, inForce.get(), password)
        || pending.isPresent() && MessagePassword.matches(meter, pending.get(), password);
  }

  private static Optional<MeterId> meter(String name) {
    try {
      return Optional.of(new MeterId(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
