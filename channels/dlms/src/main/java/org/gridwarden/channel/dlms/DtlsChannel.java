package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.DatagramSecurity;
import org.gridwarden.core.DatagramSecurity.Association;
import org.gridwarden.core.Health;

/**
 * Listens for meters that push in datagrams under DTLS: each has shown its certificate before a
 * datagram of it is looked at, and confirms go back over the same association, wherever the meter
 * is by then. Where too many pushes wait for their commit more are dropped: meters that want a
 * confirm send again. Thread-safe.
 */
final class DtlsChannel extends ReceivingChannel {
  private final DlmsSettings.Listener listener;
  private final Common common;
  private volatile ChannelId id;
  private volatile Optional<DatagramSecurity.Port> open = Optional.empty();
  private volatile Optional<Datagrams> taking = Optional.empty();
  private volatile boolean closed;

  DtlsChannel(DlmsSettings.Listener listener, Common common) {
    this.listener = listener;
    this.common = common;
    this.id = named(listener.port());
  }

  private static ChannelId named(int port) {
    return new ChannelId("dlms", "dtls-" + port);
  }

  @Override
  public ChannelId id() {
    return id;
  }

  @Override
  public void start(Host host) throws ChannelException {
    DlmsSettings.Limits limits = common.limits();
    Datagrams datagrams =
        new Datagrams(
            listener.link(), limits.maxApdu(), common.handler(host, this::id, tally), tally);
    DatagramSecurity.Rules rules =
        new DatagramSecurity.Rules(
            new InetSocketAddress(listener.bind(), listener.port()),
            this::id,
            host.admission(),
            limits.maxSessions(),
            limits.firstMessage(),
            limits.idle());
    DatagramSecurity.Port port;
    try {
      port =
          host.tls()
              .datagrams()
              .listen(rules, (from, datagram) -> received(datagrams, from, datagram));
    } catch (IOException e) {
      throw cannotOpen(
          "channels.dlms.dtls, " + listener.bind() + ":" + listener.port(),
          String.valueOf(e.getMessage()),
          e);
    }
    id = named(port.number());
    open = Optional.of(port);
    taking = Optional.of(datagrams);
  }

  private void received(Datagrams datagrams, Association from, byte[] datagram) {
    if (closed
        || !datagrams.offer(
            datagram, from.where(), Optional.of(from.peer()), answer -> from.send(answer))) {
      tally.count(Tally.What.OVER_LIMIT);
    }
  }

  @Override
  public Health health() {
    if (open.isEmpty() || closed) {
      return new Health(Health.State.DOWN, "not listening");
    }
    DatagramSecurity.Port port = open.get();
    return new Health(
        Health.State.UP,
        listener.bind()
            + ":"
            + port.number()
            + ", "
            + port.associations()
            + " associations, "
            + tally.line());
  }

  @Override
  public void close() {
    closed = true;
    taking.ifPresent(datagrams -> datagrams.drain(id.toString()));
    open.ifPresent(DatagramSecurity.Port::close);
  }
}
