package org.gridwarden.channel.sip;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
import org.gridwarden.message.listener.Rates;
import org.gridwarden.message.listener.Tally;
import org.jspecify.annotations.Nullable;

/**
 * A registrar and agent for meters that speak SIP: what they send as MESSAGE goes to intake and is
 * answered by 200 once it is committed; orders go down by NOTIFY or MESSAGE over the way that the
 * meter came by. Thread-safe.
 */
final class SipChannel implements Channel {
  private static final Duration LEAST_SWEEP = Duration.ofMillis(100);
  private static final Duration MOST_SWEEP = Duration.ofSeconds(5);
  private static final int SWEEPS_A_PING = 10;

  private final SipSettings.Listener listener;
  private final Transport transport;
  private final SipSettings settings;
  private final Tally tally = new Tally();
  private volatile ChannelId id;
  private volatile Optional<Running> running = Optional.empty();
  private volatile boolean closed;

  /** What all flows of the channel share. */
  record Shared(Agent agent, SipSettings.Terms terms, SipSettings.Limits limits, Tally tally) {
    /** Host and port of this end, as it calls itself. */
    String local(@Nullable InetAddress address, int port) {
      String host =
          terms
              .host()
              .orElseGet(() ->
                  address == null || address.isAnyLocalAddress()
                      ? InetAddress.getLoopbackAddress().getHostAddress()
                      : address.getHostAddress().replaceFirst("%.*", ""));
      boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
      return (bare ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** What is there once it listens. */
  private record Running(
      Host host, Orders orders, CommandDesk desk, ScheduledExecutorService timer, Port port) {}

  /** What listens. */
  interface Port extends AutoCloseable {
    /** How it is. */
    Health health();

    /** Stops listening; what is under way is answered first. */
    @Override
    void close();
  }

  SipChannel(SipSettings.Listener listener, Transport transport, SipSettings settings) {
    this.listener = listener;
    this.transport = transport;
    this.settings = settings;
    this.id = named(listener.port());
  }

  private ChannelId named(int port) {
    return new ChannelId("sip", transport.word() + "-" + port);
  }

  @Override
  public ChannelId id() {
    return id;
  }

  @Override
  public void start(Host host) throws ChannelException {
    SipSettings.Limits limits = settings.limits();
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            job -> Thread.ofPlatform().name("sip-timer").daemon().unstarted(job));
    Calls calls = new Calls(timer);
    Orders orders = new Orders(calls, settings.terms(), tally);
    CommandDesk desk = new CommandDesk(host);
    Nonces nonces = new Nonces(settings.terms().nonce());
    Uplink uplink = new Uplink(new OfficeInbox(host, this::id), desk, orders, tally);
    Agent agent =
        new Agent(
            new Login(host, settings.terms(), nonces),
            nonces,
            calls,
            new Registrar(orders, settings.terms(), tally),
            new Subscriptions(orders, settings.terms(), tally),
            uplink,
            orders,
            new Rates(limits.rate(), limits.burst()),
            tally);
    Shared shared = new Shared(agent, settings.terms(), limits, tally);
    Port port;
    try {
      port = transport == Transport.UDP ? datagrams(shared, host) : streams(shared, host);
    } catch (ChannelException e) {
      timer.shutdownNow();
      throw e;
    }
    long sweep =
        Math.clamp(
            settings.terms().ping().toMillis() / SWEEPS_A_PING,
            LEAST_SWEEP.toMillis(),
            MOST_SWEEP.toMillis());
    var _ = timer.scheduleWithFixedDelay(orders::sweep, sweep, sweep, TimeUnit.MILLISECONDS);
    running = Optional.of(new Running(host, orders, desk, timer, port));
  }

  private Port datagrams(Shared shared, Host host) throws ChannelException {
    DatagramPort port;
    try {
      DatagramSocket socket =
          new DatagramSocket(new InetSocketAddress(listener.bind(), listener.port()));
      id = named(socket.getLocalPort());
      port = new DatagramPort(socket, shared, host.admission(), this::id);
    } catch (IOException e) {
      throw new ChannelException(
          new Fault(
              Fault.Code.CONFLICT,
              "channels.sip.udp, " + listener.bind() + ":" + listener.port(),
              "take another port or address: " + e.getMessage()),
          e);
    }
    Thread.ofPlatform().name("sip-" + id.instance()).daemon().start(port::run);
    return port;
  }

  private Port streams(Shared shared, Host host) throws ChannelException {
    Acceptor acceptor =
        new Acceptor(
            new Acceptor.Place("sip", listener.bind(), listener.port(), security()),
            settings.limits().maxSessions(),
            tally);
    acceptor.start(host, accepted -> new Connection(accepted, transport, shared));
    id = acceptor.id();
    return new Port() {
      @Override
      public Health health() {
        return acceptor.health();
      }

      @Override
      public void close() {
        acceptor.close();
      }
    };
  }

  private Acceptor.Security security() {
    return transport == Transport.TCP
        ? Acceptor.Security.NONE
        : listener.passwords() ? Acceptor.Security.EITHER : Acceptor.Security.CERTIFICATE;
  }

  /** A meter that listens for its orders, or is registered. */
  @Override
  public boolean reaches(MeterId meter) {
    return !closed && running.filter(now -> now.orders.reaches(meter)).isPresent();
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline) throws ChannelException {
    Running now =
        running.orElseThrow(() -> fault(Fault.Code.CONFLICT, meter, "the channel is not started"));
    if (!reaches(meter)) {
      throw fault(
          Fault.Code.TIMEOUT, meter, "it is neither registered nor subscribed; wait until it is");
    }
    if (transport == Transport.TLS && !now.host.tls().revocationKnown()) {
      throw fault(
          Fault.Code.CONFLICT,
          meter,
          "it is not known which certificates are revoked, so nothing is commanded: see to the"
              + " database");
    }
    return new MessageSession(
        meter, now.desk, message -> now.orders.send(meter, message, deadline), deadline);
  }

  private static ChannelException fault(Fault.Code code, MeterId meter, String remedy) {
    return new ChannelException(new Fault(code, "meter " + meter, remedy));
  }

  @Override
  public Health health() {
    if (running.isEmpty() || closed) {
      return new Health(Health.State.DOWN, "not listening");
    }
    Running now = running.get();
    Health how = now.port.health();
    return new Health(how.state(), how.detail() + ", " + now.orders.reached() + " can be called");
  }

  /** What became of what came. */
  Tally tally() {
    return tally;
  }

  @Override
  public void close() {
    closed = true;
    running.ifPresent(now -> {
      now.port.close();
      now.timer.shutdownNow();
    });
  }
}
