package org.gridwarden.channel.mqtt;

import java.util.Optional;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.MessageSession;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.listener.Acceptor;
import org.gridwarden.message.listener.Tally;

/**
 * An MQTT endpoint for meters, no broker: what is published goes to intake and is acknowledged once
 * it is committed; what is sent down goes to the one meter. Each connection is admitted before a
 * byte of it is read, and has a virtual thread of its own. Thread-safe.
 */
final class MqttChannel implements Channel {
  private final MqttSettings.Limits limits;
  private final Tally tally = new Tally();
  private final Acceptor acceptor;
  private final Sessions names = new Sessions();
  private volatile Optional<Shared> shared = Optional.empty();

  /** What all sessions of the channel share. */
  record Shared(
      Channel.Host host,
      OfficeInbox inbox,
      CommandDesk desk,
      Sessions names,
      MqttSettings.Limits limits,
      Tally tally) {}

  MqttChannel(
      MqttSettings.Listener listener, Acceptor.Security security, MqttSettings.Limits limits) {
    this.limits = limits;
    this.acceptor =
        new Acceptor(
            new Acceptor.Place("mqtt", listener.bind(), listener.port(), security),
            limits.maxSessions(),
            tally);
  }

  @Override
  public ChannelId id() {
    return acceptor.id();
  }

  @Override
  public void start(Host host) throws ChannelException {
    Shared all =
        new Shared(
            host, new OfficeInbox(host, this::id), new CommandDesk(host), names, limits, tally);
    shared = Optional.of(all);
    acceptor.start(host, accepted -> new MqttSession(accepted, all));
  }

  /** A meter that is connected and listens for orders. */
  @Override
  public boolean reaches(MeterId meter) {
    return names.find(meter).filter(MqttSession::listens).isPresent();
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline) throws ChannelException {
    Shared all =
        shared.orElseThrow(() -> fault(Fault.Code.CONFLICT, meter, "the channel is not started"));
    MqttSession session =
        names
            .find(meter)
            .filter(MqttSession::listens)
            .orElseThrow(() ->
                fault(
                    Fault.Code.TIMEOUT,
                    meter,
                    "it is not connected, or listens for no orders; wait until it does"));
    if (!acceptor.maySendOrders(all.host())) {
      throw fault(
          Fault.Code.CONFLICT,
          meter,
          "it is not known which certificates are revoked, so nothing is commanded: see to the"
              + " database");
    }
    return new MessageSession(
        meter, all.desk(), message -> session.order(meter, message), deadline);
  }

  static ChannelException fault(Fault.Code code, MeterId meter, String remedy) {
    return new ChannelException(new Fault(code, "meter " + meter, remedy));
  }

  @Override
  public Health health() {
    return acceptor.health();
  }

  /** What became of what came. */
  Tally tally() {
    return tally;
  }

  @Override
  public void close() {
    acceptor.close();
  }
}
