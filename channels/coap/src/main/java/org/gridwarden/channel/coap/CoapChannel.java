package org.gridwarden.channel.coap;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.InMemoryMessageExchangeStore;
import org.eclipse.californium.core.network.RandomTokenGenerator;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.config.Configuration;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.DatagramSecurity;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.MessageSession;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.listener.Tally;

/**
 * A CoAP endpoint for meters: what is posted goes to intake and is answered once it is committed;
 * orders lie in each meter's mailbox, which it observes. Thread-safe.
 */
final class CoapChannel implements Channel {
  private static final Duration DRAIN = Duration.ofSeconds(5);
  private static final long SWEEP_SECONDS = 2;

  private final CoapSettings.Listener listener;
  private final boolean secure;
  private final Optional<CoapSettings.Group> group;
  private final CoapSettings.Limits limits;
  private final Tally tally = new Tally();
  private volatile ChannelId id;
  private volatile Optional<Running> running = Optional.empty();
  private volatile boolean closed;

  /** What is there once it listens. */
  private record Running(
      Host host,
      CoapEndpoint endpoint,
      Optional<SecurePort> port,
      Work work,
      ScheduledExecutorService timer,
      Transfers transfers,
      Mailboxes mailboxes,
      Uplink uplink,
      CommandDesk desk) {}

  /**
   * @param secure whether meters come by DTLS
   * @param group that may ask, too
   */
  CoapChannel(
      CoapSettings.Listener listener,
      boolean secure,
      Optional<CoapSettings.Group> group,
      CoapSettings.Limits limits) {
    this.listener = listener;
    this.secure = secure;
    this.group = group;
    this.limits = limits;
    this.id = named(listener.port());
  }

  private ChannelId named(int port) {
    return new ChannelId("coap", (secure ? "dtls-" : "udp-") + port);
  }

  @Override
  public ChannelId id() {
    return id;
  }

  @Override
  public void start(Host host) throws ChannelException {
    Configuration terms = CoapTerms.of(limits);
    Work work = new Work("coap-" + id.instance());
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            job -> Thread.ofPlatform().name("coap-timer").daemon().unstarted(job));
    InetSocketAddress bind = new InetSocketAddress(listener.bind(), listener.port());
    Optional<SecurePort> port =
        secure
            ? Optional.of(new SecurePort(host.tls().datagrams(), rules(host, bind), work::full))
            : Optional.empty();
    Connector connector =
        port.<Connector>map(p -> p)
            .orElseGet(
                () -> new PlainPort(bind, group, terms, host.admission(), this::id, work::full));
    InMemoryMessageExchangeStore exchanges =
        new InMemoryMessageExchangeStore(terms, new RandomTokenGenerator(terms));
    exchanges.setDeduplicator(new Recent());
    CoapEndpoint endpoint =
        CoapEndpoint.builder()
            .setConfiguration(terms)
            .setConnector(connector)
            .setMessageExchangeStore(exchanges)
            .setDataSerializerAndParser(new UdpDataSerializer(), new Parser())
            .build();
    Mailboxes mailboxes = new Mailboxes(terms);
    Transfers transfers = new Transfers(limits, host.admission(), this::id);
    CommandDesk desk = new CommandDesk(host);
    Uplink uplink =
        new Uplink(new OfficeInbox(host, this::id), desk, mailboxes, limits, work, tally);
    endpoint.addInterceptor(new Terse());
    endpoint.setExecutors(work, timer);
    Echoes echoes = new Echoes();
    Oscore oscore =
        new Oscore(host, echoes, new InFlight(limits.inFlight(), limits.waiting()), tally);
    endpoint.setMessageDeliverer(
        new Door(
            limits,
            transfers,
            uplink,
            mailboxes,
            oscore,
            echoes,
            new Leisure(timer, limits.leisure()),
            tally));
    try {
      endpoint.start();
    } catch (IOException e) {
      endpoint.destroy();
      work.shutdownNow();
      timer.shutdownNow();
      throw new ChannelException(
          new Fault(
              Fault.Code.CONFLICT,
              "channels.coap."
                  + (secure ? "dtls, " : "udp, ")
                  + listener.bind()
                  + ":"
                  + listener.port()
                  + group.map(g -> ", group " + g.address().getHostAddress()).orElse(""),
              "take another port or address: " + e.getMessage()),
          e);
    }
    id = named(endpoint.getAddress().getPort());
    var unused =
        timer.scheduleWithFixedDelay(
            transfers::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    running =
        Optional.of(
            new Running(host, endpoint, port, work, timer, transfers, mailboxes, uplink, desk));
  }

  private DatagramSecurity.Rules rules(Host host, InetSocketAddress bind) {
    return new DatagramSecurity.Rules(
        bind,
        this::id,
        host.admission(),
        limits.maxAssociations(),
        limits.handshake(),
        limits.idle(),
        new DatagramSecurity.Proofs(true, Optional.of(new MeterKeys(host)), true));
  }

  /** A meter that observes its mailbox. */
  @Override
  public boolean reaches(MeterId meter) {
    return running
        .filter(now -> now.mailboxes.watches(meter))
        .filter(now -> now.port.isEmpty() || now.port.get().holds(meter))
        .isPresent();
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline) throws ChannelException {
    Running now =
        running.orElseThrow(() -> fault(Fault.Code.CONFLICT, meter, "the channel is not started"));
    if (!reaches(meter)) {
      throw fault(
          Fault.Code.TIMEOUT,
          meter,
          "it does not observe its mailbox, gw/orders; wait until it does");
    }
    if (secure && !now.host.tls().revocationKnown()) {
      throw fault(
          Fault.Code.CONFLICT,
          meter,
          "it is not known which certificates are revoked, so nothing is commanded: see to the"
              + " database");
    }
    return new MessageSession(
        meter, now.desk, message -> order(now, meter, message, deadline), deadline);
  }

  private void order(Running now, MeterId meter, byte[] message, Deadline deadline)
      throws ChannelException {
    if (!now.mailboxes.put(meter, message, deadline)) {
      throw fault(Fault.Code.TIMEOUT, meter, "it observes its mailbox no longer; nothing was sent");
    }
    tally.count(Tally.What.ORDER);
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
    return new Health(
        Health.State.UP,
        listener.bind()
            + ":"
            + now.endpoint.getAddress().getPort()
            + ", "
            + now.port.map(p -> p.associations() + " associations, ").orElse("")
            + now.mailboxes.watched()
            + " listen for orders, "
            + tally.line());
  }

  /** What became of what came. */
  Tally tally() {
    return tally;
  }

  /** How many block-wise transfers are under way. */
  int transfers() {
    return running.map(now -> now.transfers.underWay()).orElse(0);
  }

  @Override
  public void close() {
    closed = true;
    running.ifPresent(now -> {
      try {
        now.uplink.drain(DRAIN.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      now.endpoint.destroy();
      now.work.shutdownNow();
      now.timer.shutdownNow();
    });
  }
}
