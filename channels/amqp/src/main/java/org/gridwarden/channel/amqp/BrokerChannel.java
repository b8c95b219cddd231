package org.gridwarden.channel.amqp;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.message.MessageSession;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.listener.Rates;
import org.gridwarden.message.listener.Tally;

/**
 * A broker that somebody else runs, as a source before the same intake: what lies at its address is
 * taken and settled after the commit; orders go to an address for each meter, and wait there. It
 * sees who says what class of thing when, and can read or forge none of it. Thread-safe.
 */
final class BrokerChannel implements Channel {
  private final AmqpSettings.Broker broker;
  private final AmqpSettings.Limits limits;
  private final ChannelId id;
  private final Tally tally = new Tally();
  private final Map<MeterId, Long> heard = new ConcurrentHashMap<>();
  private volatile Optional<Uplink> uplink = Optional.empty();
  private volatile Optional<BrokerLine> line = Optional.empty();
  private volatile Optional<Thread> thread = Optional.empty();
  private volatile String state = "not started";
  private volatile boolean closed;

  BrokerChannel(AmqpSettings.Broker broker, AmqpSettings.Limits limits) {
    this.broker = broker;
    this.limits = limits;
    this.id = new ChannelId("amqp", "broker-" + broker.port());
  }

  @Override
  public ChannelId id() {
    return id;
  }

  @Override
  public void start(Host host) throws ChannelException {
    BrokerLogin login;
    try {
      login = BrokerLogin.of(broker);
    } catch (IOException e) {
      throw new ChannelException(
          new Fault(Fault.Code.CONFLICT, "channels.amqp.broker", String.valueOf(e.getMessage())),
          e);
    }
    Uplink up =
        new Uplink(
            host,
            new OfficeInbox(host, this::id),
            new Rates(limits.rate(), limits.burst()),
            tally,
            meter -> heard.put(meter, System.nanoTime()),
            meter -> {});
    uplink = Optional.of(up);
    thread =
        Optional.of(Thread.ofVirtual().name("amqp-" + id.instance()).start(() -> run(login, up)));
  }

  /** As long as the channel lives, connection after connection. */
  private void run(BrokerLogin login, Uplink up) {
    while (!closed) {
      try {
        state = "connecting";
        BrokerLine now = new BrokerLine(broker, limits, login, up, tally);
        line = Optional.of(now);
        now.run(() -> state = "connected");
        state = "the broker has ended the connection";
      } catch (IOException e) {
        state = String.valueOf(e.getMessage());
        if (!closed) {
          tally.fault(Tally.What.FAILED, broker.host() + ":" + broker.port(), state);
        }
      } catch (InterruptedException e) {
        return;
      } finally {
        line = Optional.empty();
      }
      try {
        if (!closed) {
          Thread.sleep(broker.again());
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** A meter that was heard through the broker not long ago: whether it listens nobody knows. */
  @Override
  public boolean reaches(MeterId meter) {
    Long last = heard.get(meter);
    return broker.down().isPresent()
        && line.filter(BrokerLine::isOpen).isPresent()
        && last != null
        && Duration.ofNanos(System.nanoTime() - last).compareTo(broker.seen()) < 0;
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline) throws ChannelException {
    if (!reaches(meter)) {
      throw new ChannelException(
          new Fault(
              Fault.Code.TIMEOUT,
              "meter " + meter,
              "it was not heard through the broker for long; wait until it is"));
    }
    return new MessageSession(
        meter,
        uplink.orElseThrow().desk(),
        message -> {
          Optional<BrokerLine> now = line.filter(BrokerLine::isOpen);
          if (now.isEmpty()) {
            throw new ChannelException(
                new Fault(
                    Fault.Code.TIMEOUT,
                    "meter " + meter,
                    "the broker is not connected; nothing was sent"));
          }
          now.get().send(meter, message, deadline);
        },
        deadline);
  }

  @Override
  public Health health() {
    boolean up = line.filter(BrokerLine::isOpen).isPresent();
    return new Health(
        up ? Health.State.UP : Health.State.DOWN,
        broker.host() + ":" + broker.port() + ", " + state + ", " + tally.line());
  }

  /** What became of what came. */
  Tally tally() {
    return tally;
  }

  @Override
  public void close() {
    closed = true;
    line.ifPresent(BrokerLine::close);
    thread.ifPresent(t -> {
      t.interrupt();
      try {
        t.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }
}
