package org.gridwarden.channel.coap;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.gridwarden.channel.coap.mapping.Reply;
import org.gridwarden.channel.coap.mapping.Target;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.listener.Acceptor;
import org.gridwarden.message.listener.Tally;

/**
 * A reverse proxy from HTTP to the office's own CoAP resources (RFC 8075). It has no way to any
 * other host: a request goes to the same {@link Door} as one of CoAP, within this process. It
 * reaches no meter. Thread-safe.
 */
final class ProxyChannel implements Channel {
  private static final long DRAIN_MILLIS = 5_000;

  private final CoapSettings.Proxy proxy;
  private final CoapSettings.Limits limits;
  private final Tally tally = new Tally();
  private final Acceptor acceptor;
  private volatile Optional<Running> running = Optional.empty();

  private record Running(Uplink uplink, Work work, ScheduledExecutorService timer) {}

  /**
   * What all connections share.
   *
   * @param own as which the office is named in CoAP URIs
   */
  record Shared(
      Channel.Host host, Acceptor acceptor, Door door, Target.Authority own, Tally tally) {
    ChannelId id() {
      return acceptor.id();
    }

    /** What is said to who asks too often (RFC 6585, clause 4). */
    Reply tooFast() {
      return new Reply(
          429,
          List.of(
              new Reply.Field("retry-after", "1"), new Reply.Field("cache-control", "no-store")),
          new byte[0]);
    }
  }

  ProxyChannel(CoapSettings.Proxy proxy, CoapSettings.Limits limits) {
    this.proxy = proxy;
    this.limits = limits;
    this.acceptor =
        new Acceptor(
            new Acceptor.Place(
                "coap",
                proxy.listener().bind(),
                proxy.listener().port(),
                proxy.tls() ? Acceptor.Security.EITHER : Acceptor.Security.NONE),
            proxy.maxSessions(),
            tally);
  }

  @Override
  public ChannelId id() {
    return acceptor.id();
  }

  @Override
  public void start(Host host) throws ChannelException {
    Work work = new Work("coap-proxy");
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            job -> Thread.ofPlatform().name("coap-proxy-timer").daemon().unstarted(job));
    Mailboxes mailboxes = new Mailboxes(CoapTerms.of(limits));
    Uplink uplink =
        new Uplink(
            new OfficeInbox(host, this::id), new CommandDesk(host), mailboxes, limits, work, tally);
    Echoes echoes = new Echoes();
    Door door =
        new Door(
            limits,
            new Transfers(limits, host.admission(), this::id),
            uplink,
            mailboxes,
            new Oscore(host, echoes, new InFlight(limits.inFlight(), limits.waiting()), tally),
            echoes,
            new Leisure(timer, limits.leisure()),
            tally);
    running = Optional.of(new Running(uplink, work, timer));
    Shared shared = new Shared(host, acceptor, door, proxy.own(), tally);
    try {
      acceptor.start(host, accepted -> new ProxySession(accepted, shared));
    } catch (ChannelException e) {
      work.shutdownNow();
      timer.shutdownNow();
      throw e;
    }
  }

  /** None: nobody listens behind it. */
  @Override
  public boolean reaches(MeterId meter) {
    return false;
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline) throws ChannelException {
    throw new ChannelException(
        new Fault(
            Fault.Code.FORBIDDEN,
            "meter " + meter,
            "no meter is reached over the proxy from HTTP; wait until it comes another way"));
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
    running.ifPresent(now -> {
      try {
        now.uplink().drain(DRAIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    running.ifPresent(now -> {
      now.work().shutdownNow();
      now.timer().shutdownNow();
    });
  }
}
