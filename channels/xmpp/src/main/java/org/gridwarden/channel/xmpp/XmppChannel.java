package org.gridwarden.channel.xmpp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Secret;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.MessageSession;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.listener.Rates;
import org.gridwarden.message.listener.Tally;

/**
 * Meters over XMPP. The office is a component of a server, where meters log in: what they send to
 * it is answered once it is committed, orders go to the connection that said last that it is there.
 * The server being away is no reason not to start: the link is opened as soon as it can be.
 * Thread-safe.
 */
final class XmppChannel implements Channel {
  private static final int LONGEST_SECRET = 256;
  private static final Duration LONGEST_BEAT = Duration.ofSeconds(60);

  private final XmppSettings settings;
  private final ChannelId id;
  private final Tally tally = new Tally();
  private final AtomicLong numbers = new AtomicLong();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Optional<Running> running = Optional.empty();

  private record Running(
      ComponentLink link, CommandDesk desk, Presences presences, Optional<PubSub> pubSub) {}

  XmppChannel(XmppSettings settings) {
    this.settings = settings;
    this.id = new ChannelId("xmpp", settings.component().name());
  }

  @Override
  public ChannelId id() {
    return id;
  }

  @Override
  public void start(Host host) throws ChannelException {
    Secret shared = secret();
    CommandDesk desk = new CommandDesk(host);
    XmppSettings.Limits limits = settings.limits();
    Uplink uplink =
        new Uplink(
            new OfficeInbox(host, this::id),
            desk,
            new Rates(limits.rate(), limits.burst()),
            limits.inFlight(),
            tally);
    Presences presences =
        new Presences(
            limits.grace(),
            limits.ping(),
            new Presences.Losses() {
              @Override
              public void gone(MeterId meter) {
                desk.gone(meter);
              }

              @Override
              public void lost(MeterId meter, byte[] will) {
                uplink.will(meter, will);
              }
            });
    Optional<PubSub> pubSub =
        settings.pubSub().map(p -> new PubSub(p, settings.component().name()));
    Stanzas stanzas =
        new Stanzas(
            settings.domain(),
            new Stanzas.Parts(
                host.meters(), uplink, desk, presences, new Accounts(host), pubSub, tally),
            this::send);
    ComponentLink link =
        new ComponentLink(
            settings.component(),
            shared,
            beat().multipliedBy(3),
            ear(stanzas, presences, pubSub),
            tally);
    running = Optional.of(new Running(link, desk, presences, pubSub));
    link.start();
    Thread.ofVirtual().name("xmpp-beat").start(this::beats);
  }

  private ComponentLink.Ear ear(Stanzas stanzas, Presences presences, Optional<PubSub> pubSub) {
    return new ComponentLink.Ear() {
      @Override
      public void opened() {
        pubSub.ifPresent(p -> p.questions().forEach(XmppChannel.this::send));
      }

      @Override
      public void stanza(Element stanza) throws InterruptedException {
        if (closing.getCount() > 0) {
          stanzas.take(stanza);
        }
      }

      @Override
      public void closed() {
        presences.clear();
        pubSub.ifPresent(PubSub::closed);
      }
    };
  }

  private void send(Element stanza) {
    running.ifPresent(r -> r.link().send(stanza));
  }

  private Secret secret() throws ChannelException {
    byte[] bytes = {};
    try (InputStream in = Files.newInputStream(settings.component().secretFile())) {
      bytes = in.readNBytes(LONGEST_SECRET + 1);
    } catch (IOException e) {
      throw unreadable("write into it what the server has as this component's secret: " + e);
    }
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] <= ' ') {
      length--;
    }
    byte[] trimmed = Arrays.copyOf(bytes, length);
    Arrays.fill(bytes, (byte) 0);
    try {
      if (length == 0 || length > LONGEST_SECRET) {
        throw unreadable("a secret has 1 to " + LONGEST_SECRET + " bytes");
      }
      return new Secret(trimmed);
    } finally {
      Arrays.fill(trimmed, (byte) 0);
    }
  }

  private ChannelException unreadable(String remedy) {
    return new ChannelException(
        new Fault(
            Fault.Code.CONFLICT,
            "channels.xmpp.component.secretFile, " + settings.component().secretFile(),
            remedy));
  }

  /** How often it is looked who is silent, and the server asked whether it is there. */
  private Duration beat() {
    Duration half = settings.limits().ping().dividedBy(2);
    return half.compareTo(LONGEST_BEAT) > 0 ? LONGEST_BEAT : half;
  }

  private void beats() {
    try {
      while (!closing.await(beat().toMillis(), TimeUnit.MILLISECONDS)) {
        running
            .filter(r -> r.link().isOpen())
            .ifPresent(r -> {
              ping(settings.domain());
              r.presences().silent().forEach(jid -> ping(jid.toString()));
              r.pubSub().ifPresent(p -> p.questions().forEach(this::send));
            });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ping(String who) {
    send(question("get", "ping-", who).with(Element.of(Words.PING, "ping")));
  }

  private Element question(String type, String before, String to) {
    return Words.stanza("iq", type)
        .with("id", before + numbers.incrementAndGet())
        .with("from", settings.component().name())
        .with("to", to);
  }

  /** A meter that has said that it is there, and takes orders. */
  @Override
  public boolean reaches(MeterId meter) {
    return running
        .filter(r -> r.link().isOpen() && r.presences().find(meter).isPresent())
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
          "it is not connected, or takes no orders now; wait until it does");
    }
    return new MessageSession(meter, now.desk(), message -> order(now, meter, message), deadline);
  }

  private void order(Running now, MeterId meter, byte[] message) throws ChannelException {
    Jid to =
        now.presences()
            .find(meter)
            .orElseThrow(
                () -> fault(Fault.Code.TIMEOUT, meter, "it has left meanwhile; nothing was sent"));
    Element order = question("set", Stanzas.ORDER, to.toString()).with(Words.secured(message));
    if (!now.link().send(order)) {
      throw fault(Fault.Code.TIMEOUT, meter, "the link to the server has ended; nothing was sent");
    }
  }

  private static ChannelException fault(Fault.Code code, MeterId meter, String remedy) {
    return new ChannelException(new Fault(code, "meter " + meter, remedy));
  }

  @Override
  public Health health() {
    Optional<Running> now = running;
    if (now.isEmpty() || closing.getCount() == 0) {
      return new Health(Health.State.DOWN, "not started");
    }
    String server = settings.component().host() + ":" + settings.component().port();
    if (!now.get().link().isOpen()) {
      return new Health(
          Health.State.DOWN,
          "no link to the XMPP server at " + server + ": " + now.get().link().state());
    }
    String line =
        "a component of "
            + server
            + ", "
            + now.get().presences().count()
            + " meters there, "
            + tally.line();
    Optional<PubSub> idle = now.get().pubSub().filter(p -> !p.isSubscribed());
    return idle.isPresent()
        ? new Health(Health.State.ATTENTION, idle.get().state() + "; " + line)
        : new Health(Health.State.UP, line);
  }

  /** What became of what came. */
  Tally tally() {
    return tally;
  }

  @Override
  public void close() {
    closing.countDown();
    running.ifPresent(r -> r.link().close());
  }
}
